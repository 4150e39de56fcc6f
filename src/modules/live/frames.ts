import { isMillraceError } from '#core/errors'

/** A frame as it goes out, encoded once for everybody. */
export interface Frame {
  readonly text: string
  /** The WebSocket message, header included. */
  readonly message: Buffer
  /** The server-sent event. */
  readonly event: () => Buffer
}

export interface FramePosition {
  readonly epoch: string
  readonly offset: number
}

/** `points` are JSON texts already, so a point that is shown again is not encoded again. */
export function pointsFrame(
  type: 'snapshot' | 'update',
  { epoch, offset }: FramePosition,
  at: number,
  points: Iterable<string>,
): Frame {
  const text = `{"type":"${type}","epoch":"${epoch}","offset":${offset},"at":"${new Date(at).toISOString()}","points":[${[...points].join(',')}]}`
  return frame(text, type, `${epoch}:${offset}`)
}

export function heartbeatFrame(at: number): Frame {
  return frame(JSON.stringify({ type: 'heartbeat', at: new Date(at).toISOString() }), 'heartbeat')
}

/** What is wrong, with every problem; what is our own fault stays in the log. */
export function errorFrame(error: unknown): Frame {
  if (!isMillraceError(error))
    return frame(
      JSON.stringify({
        type: 'error',
        code: 'bug',
        detail: 'Something went wrong inside Millrace; the log of the server tells more.',
      }),
      'error',
    )
  const detail = [error.message, ...error.problems.map(({ message }) => message)].join(' ')
  return frame(JSON.stringify({ type: 'error', code: error.code, detail }), 'error')
}

function frame(text: string, type: string, id?: string): Frame {
  let event: Buffer | undefined
  return {
    text,
    message: textMessage(text),
    event: () => (event ??= Buffer.from(`event: ${type}\n${id === undefined ? '' : `id: ${id}\n`}data: ${text}\n\n`)),
  }
}

/** RFC 6455: one unmasked text frame. */
export function textMessage(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const message = Buffer.allocUnsafe(header + length)
  message[0] = 0x81
  if (header === 2) message[1] = length
  else if (header === 4) {
    message[1] = 126
    message.writeUInt16BE(length, 2)
  } else {
    message[1] = 127
    message.writeBigUInt64BE(BigInt(length), 2)
  }
  message.write(text, header)
  return message
}
