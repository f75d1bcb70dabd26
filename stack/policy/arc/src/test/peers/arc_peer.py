"""Seals and checks messages by python3-dkim, for ArcPeersTest: keys come from a table, never from DNS.

arc_peer.py verify TABLE FOLDER               NAME WORD for each message
arc_peer.py seal KEY DOMAIN SELECTOR FOLDER   puts a set on each message, with what Authentication-Results of DOMAIN say
"""
import os
import sys
import types

import dkim

if not hasattr(dkim, "authres"):  # python3-authres is not there: what the library wants of it
    class Results:
        @staticmethod
        def parse(field):
            host, *rest = field.split(":", 1)[1].split(";")
            pairs = [one.strip().split()[0].split("=") for one in rest if "=" in one]
            return types.SimpleNamespace(
                authserv_id=host.strip(), results=[types.SimpleNamespace(method=m, result=r) for m, r in pairs])

    dkim.authres = types.SimpleNamespace(
        AuthenticationResultsHeader=Results, core=types.SimpleNamespace(SyntaxError=ValueError))


def messages(folder):
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            yield name, file.read()


def main(verb, *given):
    if verb == "verify":
        with open(given[0], encoding="ascii") as file:
            table = dict(line.rstrip("\n").split("\t", 1) for line in file)
        for name, message in messages(given[1]):
            try:
                word, _, _ = dkim.arc_verify(
                    message, dnsfunc=lambda asked, timeout=5: table.get(asked.decode("ascii").rstrip("."), ""))
                print(name, word.decode("ascii") if word else "ended")
            except Exception as wrong:  # the library lets anything through
                print(name, type(wrong).__name__)
    else:
        key, domain, selector, folder = given
        with open(key, "rb") as file:
            secret = file.read()
        for name, message in messages(folder):
            fields = dkim.arc_sign(
                message, selector.encode(), domain.encode(), secret, domain.encode(), timestamp="1796040000")
            with open(os.path.join(folder, name), "wb") as file:
                file.write(b"".join(fields) + message)


main(*sys.argv[1:])
