"""An SMTP server for tests. It wants STARTTLS and the given user, and writes each mail as one JSON file, in order.

Arguments: # Refused handshakes are part of the tests.
logging.disable(logging.CRITICAL)

port, certificate, key, user, password, folder.
"""

import asyncio
import json
import logging
import ssl
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

port, certificate, key, user, password, folder = sys.argv[1:]
arrived = 0


class Keeping:
    async def handle_DATA(self, server, session, envelope):
        global arrived
        message = message_from_bytes(envelope.original_content, policy=default)
        plain = message.get_body(("plain",))
        html = message.get_body(("html",))
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": message["Subject"],
            "headers": message.keys(),
            "text": plain.get_content() if plain else "",
            "html": html.get_content() if html else None,
        }
        part = Path(folder, f"{arrived:06}.part")
        part.write_text(json.dumps(mail))
        part.rename(part.with_suffix(".json"))
        arrived += 1
        return "250 Kept"


def authenticate(server, session, envelope, mechanism, data):
    given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode())
    return AuthResult(success=given == (user, password), handled=False)


async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def connection():
        return SMTP(
            Keeping(),
            enable_SMTPUTF8=True,
            require_starttls=True,
            tls_context=context,
            authenticator=authenticate,
            auth_required=True,
        )

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", int(port))
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
