"""Signs and checks messages by python3-dkim, for DkimPeersTest: keys come from a table, never from DNS.

dkim_peer.py verify TABLE FOLDER                                  NAME WORD[,WORD...] for each message
dkim_peer.py sign KEY DOMAIN SELECTOR ALGORITHM CANONICAL FOLDER  puts a signature on each message
"""
import os
import sys
import time

import dkim

NOW = int(os.environ["NOW"])
time.time = lambda: NOW


def messages(folder):
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            yield name, file.read()


def words(message, table):
    def lookup(name, timeout=5):
        return table.get(name.decode("ascii").rstrip("."), "")

    said = []
    count = 1
    while len(said) < count:
        try:
            one = dkim.DKIM(message)
            count = len([name for name, _ in one.headers if name.lower() == b"dkim-signature"])
            if count == 0:
                return []
            said.append("pass" if one.verify(idx=len(said), dnsfunc=lookup) else "fail")
        except Exception as wrong:  # the library lets anything through
            said.append(type(wrong).__name__)
    return said


def main(verb, *given):
    if verb == "verify":
        with open(given[0], encoding="ascii") as file:
            table = dict(line.rstrip("\n").split("\t", 1) for line in file)
        for name, message in messages(given[1]):
            print(name, ",".join(words(message, table)))
    else:
        key, domain, selector, algorithm, canonical, folder = given
        with open(key, "rb") as file:
            secret = file.read()
        for name, message in messages(folder):
            field = dkim.sign(
                message, selector.encode(), domain.encode(), secret,
                canonicalize=tuple(canonical.encode().split(b"/")),
                signature_algorithm=algorithm.encode())
            with open(os.path.join(folder, name), "wb") as file:
                file.write(field + message)


main(*sys.argv[1:])
