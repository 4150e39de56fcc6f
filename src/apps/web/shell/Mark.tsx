/** Water that steps down through a race. */
export function Mark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      strokeWidth="2.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="stroke-water"
    >
      <path d="M2 6.5h7c3 0 3 5.5 6 5.5h7" />
      <path d="M2 12h4.5c3 0 3 5.5 6 5.5H22" opacity=".55" />
      <path d="M2 17.5h3.5M17.5 6.5H22" opacity=".3" />
    </svg>
  )
}
