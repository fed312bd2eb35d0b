"""Beneath TLS: a server is who its certificate says, and nobody in between has a word."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot.channels.telegram.http_pool import HttpPool, NoAnswerError, NotConnectedError
from tests.channels.telegram.raw_server import Visit, ask, echo, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody vouches for, with its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    plain = NoEncryption()
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, plain) + made.public_bytes(Encoding.PEM))
    return file


async def test_beneath_tls_nobody_else_can_end_an_answer(certificate: Path) -> None:
    speaks = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    speaks.load_cert_chain(certificate)

    async def cut(visit: Visit) -> None:
        await visit.read()
        await visit.say(b"HTTP/1.1 200 OK\r\n\r\nhalf of")
        # Ends the connection below TLS, which says no goodbye.
        visit.writer.transport.abort()

    async with serving(cut, ssl=speaks) as server:
        trust = ssl.create_default_context(cafile=certificate)
        pool = HttpPool(f"https://localhost:{server.port}", most=1, trust=trust)
        with pytest.raises(NoAnswerError):
            await ask(pool)
        await pool.close()


@pytest.mark.parametrize(("host", "is_trusted"), [("localhost", True), ("localhost", False), ("127.0.0.1", True)])
async def test_a_server_is_believed_only_by_its_certificate(certificate: Path, host: str, *, is_trusted: bool) -> None:
    speaks = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    speaks.load_cert_chain(certificate)
    trust = ssl.create_default_context(cafile=certificate) if is_trusted else None

    async with serving(echo, ssl=speaks) as server:
        pool = HttpPool(f"https://{host}:{server.port}", most=2, trust=trust)
        if is_trusted and host == "localhost":
            assert [(await ask(pool, content)).content for content in (b"a", b"x" * 3_000_000, b"c")][::2] == [
                b"a",
                b"c",
            ]
            assert len(server.visits) == 1
        else:
            with pytest.raises(NotConnectedError, match="Cert"):
                await ask(pool)
        await pool.close()
