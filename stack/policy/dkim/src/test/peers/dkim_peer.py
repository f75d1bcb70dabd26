"""Signs and checks messages by python3-dkim and by libopendkim, for DkimPeers: keys come from a table, never from DNS.

dkim_peer.py NOW reads lines, messages and keys in Base64, and answers each with a line but the first:

key NAME RECORD                                     publishes a key
python MESSAGE                                      WORD[,WORD...] or none
opendkim MESSAGE                                    the library's status
sign KEY DOMAIN SELECTOR ALGORITHM CANON MESSAGE    the field, in Base64
"""
import base64
import ctypes
import sys
import tempfile
import time

import dkim

NOW = int(sys.argv[1])
time.time = lambda: NOW
STATUS = {0: "pass", 1: "badsig", 2: "nosig", 3: "nokey", 4: "cantvrfy", 5: "syntax", 8: "revoked", 9: "invalid", 11: "keyfail"}

table = {}
names = tempfile.NamedTemporaryFile("w")
pointer, text, number, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t
lib = ctypes.CDLL("libopendkim.so.11")
lib.dkim_init.restype = pointer
lib.dkim_init.argtypes = [pointer, pointer]
lib.dkim_options.argtypes = [pointer, number, number, pointer, size]
lib.dkim_verify.restype = pointer
lib.dkim_verify.argtypes = [pointer, text, pointer, pointer]
lib.dkim_chunk.argtypes = [pointer, text, size]
lib.dkim_eom.argtypes = [pointer, pointer]
lib.dkim_free.argtypes = [pointer]
handle = lib.dkim_init(None, None)


def options():
    by_file, name = number(1), names.name.encode()
    assert lib.dkim_options(handle, 1, 6, ctypes.byref(by_file), ctypes.sizeof(by_file)) == 0  # the query's method
    assert lib.dkim_options(handle, 1, 7, name, len(name)) == 0  # and its file


def opendkim(message):
    status = number(0)
    one = lib.dkim_verify(handle, b"test", None, ctypes.byref(status))
    told = lib.dkim_chunk(one, message, len(message))
    if told == 0:
        told = lib.dkim_chunk(one, None, 0)
    if told == 0:
        told = lib.dkim_eom(one, None)
    lib.dkim_free(one)
    return STATUS.get(told, str(told))


def python(message):
    said = []
    count = 1
    while len(said) < count:
        try:
            one = dkim.DKIM(message)
            count = len([name for name, _ in one.headers if name.lower() == b"dkim-signature"])
            if count == 0:
                return "none"
            said.append("pass" if one.verify(idx=len(said), dnsfunc=lookup) else "fail")
        except Exception as wrong:  # the library lets anything through
            said.append(type(wrong).__name__)
    return ",".join(said)


def lookup(name, timeout=5):
    return table.get(name.decode("ascii").rstrip(".").lower(), "")


def sign(key, domain, selector, algorithm, canonical, message):
    field = dkim.sign(
        base64.b64decode(message), selector.encode(), domain.encode(), base64.b64decode(key),
        canonicalize=tuple(canonical.encode().split(b"/")), signature_algorithm=algorithm.encode())
    return base64.b64encode(field).decode()


options()
for line in sys.stdin:
    verb, *given = line.split()
    if verb == "key":
        record = base64.b64decode(given[1]).decode("latin-1")
        table[given[0]] = record
        print(given[0], record, file=names, flush=True)
    elif verb == "sign":
        print(sign(*given), flush=True)
    else:
        print({"python": python, "opendkim": opendkim}[verb](base64.b64decode(given[0])), flush=True)
