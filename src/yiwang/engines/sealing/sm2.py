# SPDX-License-Identifier: Apache-2.0
"""SM2 keys and signatures (GB/T 32918, used as GB/T 35276 says), SM3 digests (GB/T 32905).

The signer's id is part of what is signed. It is 1234567812345678 unless two sides agree otherwise
(GB/T 35276-2017, clause 10); here it is named in every call down to the library, never left to a default
of that library (OpenSSL's own default is an empty id). Signatures are DER `SEQUENCE {r, s}`.
"""

from __future__ import annotations

import ctypes
import hashlib
import secrets
import weakref
from functools import cache, cached_property, lru_cache

from yiwang.engines.sealing import der, pem
from yiwang.engines.sealing.errors import LibraryMissing, SealingError, WrongPassphrase
from yiwang.engines.sealing.libcrypto import der_of, from_der, library

SIGNER_ID = b"1234567812345678"
PASSPHRASE_ROUNDS = 200_000
"""PBKDF2 rounds over a passphrase: some 40 ms of one core for each guess."""

_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")  # id-ecPublicKey, SM2
_POINT_LENGTH = 65
_LONGEST_SIGNATURE = 80
_OPEN, _LOCKED, _PUBLIC = "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PUBLIC KEY"


def sm3(data: bytes) -> bytes:
    """The SM3 digest, 32 bytes."""
    return hashlib.new("sm3", data).digest()


class PublicKey:
    """A point on the SM2 curve: 65 bytes, 04 x y."""

    def __init__(self, point: bytes) -> None:
        """Take the uncompressed point. Raises SealingError when it is none of the curve."""
        _tested()
        self.point = bytes(point)
        pointer = from_der("d2i_PUBKEY", _SPKI + self.point) if len(point) == _POINT_LENGTH else None
        if pointer is None:
            raise SealingError("公钥不是 SM2 曲线上的点。", mend="请核对公钥的来源。")
        self._pointer = _owned(self, pointer)

    def verify(self, message: bytes, signature: bytes, *, signer_id: bytes = SIGNER_ID) -> bool:
        """Whether `signature` (DER) is this key's over `message` under `signer_id`; False for any rubbish."""
        return _verify(self._pointer, message, signature, signer_id)

    @property
    def spki(self) -> bytes:
        """The key as DER SubjectPublicKeyInfo."""
        return _SPKI + self.point

    def to_pem(self) -> bytes:
        """The key as PEM (BEGIN PUBLIC KEY)."""
        return pem.write(_PUBLIC, self.spki)

    @classmethod
    def from_pem(cls, data: bytes) -> PublicKey:
        """Read one SM2 key in PEM, as OpenSSL writes it. Raises SealingError for anything else."""
        found = pem.read(_PUBLIC, data)
        if len(found) != 1 or not found[0].startswith(_SPKI):
            raise SealingError("这不是一个 SM2 公钥。", mend="请提供以 BEGIN PUBLIC KEY 开头的文件。")
        return cls(found[0].removeprefix(_SPKI))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and other.point == self.point

    def __hash__(self) -> int:
        return hash(self.point)

    def __repr__(self) -> str:
        return f"PublicKey({self.point.hex()})"


class PrivateKey:
    """A private key inside libcrypto; it shows itself only as PKCS#8."""

    def __init__(self, pointer: int) -> None:
        """Own an EVP_PKEY of type SM2; use `generate` or `from_pem`. Raises SealingError for another type."""
        self._pointer = _owned(self, pointer)
        if not library().EVP_PKEY_is_a(pointer, b"SM2"):
            raise SealingError("这个私钥不是 SM2 私钥。", mend="请换用 SM2 私钥。")

    @cached_property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(der_of("i2d_PUBKEY", self._pointer)[-_POINT_LENGTH:])

    def sign(self, message: bytes, *, signer_id: bytes = SIGNER_ID) -> bytes:
        """Sign with SM3: DER SEQUENCE {r, s}. Raises LibraryMissing when the library fails."""
        crypto = library()
        digest, key = crypto.EVP_MD_CTX_new(), crypto.EVP_PKEY_CTX_new(self._pointer, None)
        try:
            buffer, length = (
                ctypes.create_string_buffer(_LONGEST_SIGNATURE),
                ctypes.c_size_t(_LONGEST_SIGNATURE),
            )
            crypto.EVP_MD_CTX_set_pkey_ctx(digest, key)
            done = (
                crypto.EVP_PKEY_CTX_set1_id(key, signer_id, len(signer_id)) == 1
                and crypto.EVP_DigestSignInit(digest, None, crypto.EVP_sm3(), None, self._pointer) == 1
                and crypto.EVP_DigestSign(digest, buffer, ctypes.byref(length), message, len(message)) == 1
            )
        finally:
            crypto.EVP_MD_CTX_free(digest)
            crypto.EVP_PKEY_CTX_free(key)
        if not done:
            crypto.ERR_clear_error()
            raise LibraryMissing("libcrypto 没有完成签名。", mend="请再试一次；仍不行请检查系统的 OpenSSL。")
        return buffer.raw[: length.value]

    def to_pem(self, passphrase: str | None) -> bytes:
        """PKCS#8 PEM: AES-256 under PBKDF2 (SHA-256) of the passphrase, or open when None is given."""
        crypto = library()
        info = crypto.EVP_PKEY2PKCS8(self._pointer)
        try:
            if passphrase is None:
                return pem.write(_OPEN, der_of("i2d_PKCS8_PRIV_KEY_INFO", info))
            secret, salt = _secret(passphrase), secrets.token_bytes(16)
            cipher = crypto.EVP_aes_256_cbc()
            sealed = crypto.PKCS8_encrypt(
                -1, cipher, secret, len(secret), salt, len(salt), PASSPHRASE_ROUNDS, info
            )
            try:
                return pem.write(_LOCKED, der_of("i2d_X509_SIG", sealed))
            finally:
                crypto.X509_SIG_free(sealed)
        finally:
            crypto.PKCS8_PRIV_KEY_INFO_free(info)

    @classmethod
    def from_pem(cls, data: bytes, passphrase: str | None) -> PrivateKey:
        """Read PKCS#8 PEM. Raises WrongPassphrase, or SealingError when it is no SM2 private key."""
        _tested()
        locked, plain = pem.read(_LOCKED, data), pem.read(_OPEN, data)
        if len(locked) + len(plain) != 1:
            raise SealingError(
                "这不是一个 PKCS#8 格式的 PEM 私钥。", mend="请提供以 BEGIN PRIVATE KEY 开头的文件。"
            )
        der.check((locked + plain)[0])
        info = _unlocked(locked[0], passphrase) if locked else from_der("d2i_PKCS8_PRIV_KEY_INFO", plain[0])
        crypto = library()
        pointer = crypto.EVP_PKCS82PKEY(info) if info else None
        crypto.PKCS8_PRIV_KEY_INFO_free(info)
        crypto.ERR_clear_error()
        if not pointer:
            raise SealingError("私钥内容读不出来。", mend="请核对文件是否完整。")
        key = cls(pointer)
        if not key.public.verify(b"", key.sign(b"")):
            raise SealingError("私钥与文件里的公钥不相配。", mend="请核对文件的来源。")
        return key

    def __repr__(self) -> str:
        return f"PrivateKey(of {self.public.point.hex()[:16]}…)"


def generate() -> PrivateKey:
    """A new key pair from the library's random source. Raises LibraryMissing."""
    _tested()
    crypto = library()
    context, pointer = crypto.EVP_PKEY_CTX_new_from_name(None, b"SM2", None), ctypes.c_void_p()
    try:
        done = crypto.EVP_PKEY_keygen_init(context) == 1
        done = done and crypto.EVP_PKEY_generate(context, ctypes.byref(pointer)) == 1
    finally:
        crypto.EVP_PKEY_CTX_free(context)
    if not done or not pointer.value:
        raise LibraryMissing("libcrypto 没有生成 SM2 密钥。", mend="请检查系统的 OpenSSL。")
    return PrivateKey(pointer.value)


@lru_cache(maxsize=4096)
def public_key(point: bytes) -> PublicKey:
    """The key of a point, made once. Raises SealingError."""
    return PublicKey(point)


def _verify(pointer: int, message: bytes, signature: bytes, signer_id: bytes) -> bool:
    crypto = library()
    digest, key = crypto.EVP_MD_CTX_new(), crypto.EVP_PKEY_CTX_new(pointer, None)
    try:
        crypto.EVP_MD_CTX_set_pkey_ctx(digest, key)
        good = bool(
            crypto.EVP_PKEY_CTX_set1_id(key, signer_id, len(signer_id)) == 1
            and crypto.EVP_DigestVerifyInit(digest, None, crypto.EVP_sm3(), None, pointer) == 1
            and crypto.EVP_DigestVerify(digest, signature, len(signature), message, len(message)) == 1
        )
    finally:
        crypto.EVP_MD_CTX_free(digest)
        crypto.EVP_PKEY_CTX_free(key)
    if not good:
        crypto.ERR_clear_error()
    return good


def _owned(holder: object, pointer: int) -> int:
    """Free the EVP_PKEY when its holder goes."""
    weakref.finalize(holder, library().EVP_PKEY_free, pointer).atexit = False
    return pointer


def _unlocked(body: bytes, passphrase: str | None) -> int:
    if passphrase is None:
        raise WrongPassphrase("这个私钥有口令保护。", mend="请输入口令。")
    crypto, secret = library(), _secret(passphrase)
    sealed = from_der("d2i_X509_SIG", body)
    info = crypto.PKCS8_decrypt(sealed, secret, len(secret)) if sealed else None
    crypto.X509_SIG_free(sealed)
    crypto.ERR_clear_error()
    if not info:
        raise WrongPassphrase("口令不对，私钥打不开。", mend="请重新输入口令；口令遗失只能注销后重新制作。")
    return info  # type: ignore[no-any-return]


def _secret(passphrase: str) -> bytes:
    if not passphrase:
        raise WrongPassphrase("口令是空的。", mend="请输入口令。")
    return passphrase.encode()


@cache
def _tested() -> None:
    """Try the library on the standard's example once. Raises LibraryMissing when it answers wrongly."""
    pointer = from_der("d2i_PUBKEY", _SPKI + _EXAMPLE_POINT)
    if pointer is None:
        raise LibraryMissing("系统的 libcrypto 读不出 SM2 公钥。", mend="请安装完整的 OpenSSL 3。")
    right = _verify(pointer, b"message digest", _EXAMPLE_SIGNATURE, SIGNER_ID)
    wrong = _verify(pointer, b"message digest", _EXAMPLE_SIGNATURE, b"8765432187654321")
    library().EVP_PKEY_free(pointer)
    if not right or wrong:
        raise LibraryMissing(
            "系统的 libcrypto 没有通过 SM2 自检（标准算例或签名者标识）。", mend="请更换 OpenSSL 版本。"
        )


# GB/T 32918.5-2017, annex A.2: the example on the recommended curve, id 1234567812345678.
_EXAMPLE_POINT = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_EXAMPLE_SIGNATURE = bytes.fromhex(
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
