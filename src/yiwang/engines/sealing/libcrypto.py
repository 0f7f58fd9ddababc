# SPDX-License-Identifier: Apache-2.0
"""The few functions of OpenSSL's libcrypto 3 that this engine calls, and nothing about seals.

Each function is declared once, with its C types. Calls release Python's lock; an `EVP_PKEY` may be
read by many threads at once, everything else here lives within one call. The library is loaded when
it is first needed and then tested: the published example of the standard must verify, and must not
verify under another signer id (a library that takes any id must not be used).
"""

from __future__ import annotations

import ctypes
import ctypes.util
from ctypes import POINTER, c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p
from functools import cache

from yiwang.engines.sealing.errors import LibraryMissing

_MEND = (
    "请安装 OpenSSL 3（Debian、Ubuntu：apt-get install openssl libssl3；其他系统见其软件包管理），再试一次。"
)
_FIRST_VERSION = 0x30000000
_CURVE = b"SM2"
_NAMES = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll")

_OUT = POINTER(c_void_p)
_DECLARED: dict[str, tuple[object, tuple[object, ...]]] = {
    "OpenSSL_version_num": (c_ulong, ()),
    "ERR_clear_error": (None, ()),
    "EVP_sm3": (c_void_p, ()),
    "EVP_aes_256_cbc": (c_void_p, ()),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY_is_a": (c_int, (c_void_p, c_char_p)),
    "EVP_PKEY_CTX_new": (c_void_p, (c_void_p, c_void_p)),
    "EVP_PKEY_CTX_new_from_name": (c_void_p, (c_void_p, c_char_p, c_char_p)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_set1_id": (c_int, (c_void_p, c_char_p, c_int)),
    "EVP_PKEY_keygen_init": (c_int, (c_void_p,)),
    "EVP_PKEY_generate": (c_int, (c_void_p, _OUT)),
    "EVP_MD_CTX_new": (c_void_p, ()),
    "EVP_MD_CTX_free": (None, (c_void_p,)),
    "EVP_MD_CTX_set_pkey_ctx": (None, (c_void_p, c_void_p)),
    "EVP_DigestSignInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestSign": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_DigestVerifyInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestVerify": (c_int, (c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)),
    "d2i_PUBKEY": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "i2d_PUBKEY": (c_int, (c_void_p, c_void_p)),
    "EVP_PKEY2PKCS8": (c_void_p, (c_void_p,)),
    "EVP_PKCS82PKEY": (c_void_p, (c_void_p,)),
    "PKCS8_PRIV_KEY_INFO_free": (None, (c_void_p,)),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, (c_void_p, c_void_p)),
    "d2i_PKCS8_PRIV_KEY_INFO": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "PKCS8_encrypt": (
        c_void_p,
        (c_int, c_void_p, c_char_p, c_int, c_char_p, c_int, c_int, c_void_p),
    ),
    "PKCS8_decrypt": (c_void_p, (c_void_p, c_char_p, c_int)),
    "X509_SIG_free": (None, (c_void_p,)),
    "i2d_X509_SIG": (c_int, (c_void_p, c_void_p)),
    "d2i_X509_SIG": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
}


@cache
def library() -> ctypes.CDLL:
    """libcrypto with its functions declared. Raises LibraryMissing when there is none that serves."""
    found = _find()
    try:
        for name, (result, arguments) in _DECLARED.items():
            function = getattr(found, name)
            function.restype, function.argtypes = result, arguments
    except AttributeError as error:
        raise LibraryMissing(f"系统的 libcrypto 缺少需要的函数（{error}）。", mend=_MEND) from None
    if found.OpenSSL_version_num() < _FIRST_VERSION:
        raise LibraryMissing("系统的 libcrypto 版本低于 3.0，不能用于国密签名。", mend=_MEND)
    context = found.EVP_PKEY_CTX_new_from_name(None, _CURVE, None)
    found.EVP_PKEY_CTX_free(context)
    if not context or not found.EVP_sm3():
        raise LibraryMissing("系统的 libcrypto 没有 SM2 或 SM3 算法。", mend=_MEND)
    return found


def _find() -> ctypes.CDLL:
    for name in (*_NAMES, ctypes.util.find_library("crypto")):
        try:
            if name:
                return ctypes.CDLL(name)
        except OSError:
            continue
    raise LibraryMissing("系统里找不到 libcrypto 3。", mend=_MEND)


def der_of(write: str, thing: c_void_p | int) -> bytes:
    """The DER encoding of a C structure by its `i2d_…` function. Raises LibraryMissing when it cannot."""
    function = getattr(library(), write)
    length = function(thing, None)
    if length <= 0:
        raise LibraryMissing(f"libcrypto 的 {write} 没有成功。", mend=_MEND)
    buffer = ctypes.create_string_buffer(length)
    place = c_void_p(ctypes.addressof(buffer))
    function(thing, ctypes.byref(place))
    return buffer.raw


def from_der(read: str, data: bytes) -> int | None:
    """The C structure that `d2i_…` reads from `data`, which is one DER value; None when it cannot."""
    place = c_char_p(data)
    pointer: int | None = getattr(library(), read)(None, ctypes.byref(place), len(data))
    library().ERR_clear_error()
    return pointer
