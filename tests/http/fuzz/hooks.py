"""What the schema of a single request cannot say."""

import requests
import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    if not case.query or case.meta is None or case.meta.generation.mode.is_negative:
        return
    # Nothing comes while it waits.
    if case.query.get("wait"):
        case.query["wait"] = "1s"
    if "cursor" in case.query:
        use_given_cursor(case, kwargs)


def use_given_cursor(case, kwargs):
    """A cursor is one that the list has given out before."""
    rest = {name: value for name, value in case.query.items() if name not in ("cursor", "limit")}
    headers = {**(case.headers or {}), **(kwargs.get("headers") or {})}
    url = case.operation.base_url.rstrip("/") + case.formatted_path
    answer = requests.get(url, params={**rest, "limit": 1}, headers=headers, timeout=30)
    cursor = answer.json().get("next") if answer.status_code == 200 else None
    if cursor is None:
        del case.query["cursor"]
    else:
        case.query["cursor"] = cursor
