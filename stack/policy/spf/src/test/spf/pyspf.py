"""Asks Debian's pyspf (python3-spf) what scenarios of scenarios.txt say, with their zones in the place of DNS.

Reads scenarios line by line and answers each question by a line: the result, a space, pyspf's words.
"""
import sys

import spf

zone, failing = {}, set()


def lookup(name, kind, _strict=True, _timeout=20):
    asked = str(name).lower().rstrip('.')
    at = asked
    for _ in range(9):
        if at in failing:
            raise spf.TempError('the server says SERVFAIL')
        found = zone.get((at, kind), [])
        alias = zone.get((at, 'CNAME'), [])
        if found or not alias:
            return [((asked, kind), data) for data in found]
        at = alias[0]
    return []


def add(name, kind, data):
    name = name.lower()
    if kind == 'FAIL':
        failing.add(name)
        return
    if kind == 'MX':
        preference, host = data.split(' ')
        value = (int(preference), host.lower().rstrip('.'))
    elif kind == 'TXT':
        value = [data.encode('latin-1')]
    else:
        value = data.lower().rstrip('.')
    values = zone.setdefault((name, kind), [])
    if value not in values:
        values.append(value)


def main():
    spf.DNSLookup = lookup
    for line in sys.stdin:
        line = line.rstrip('\n')
        if line.startswith('= '):
            zone.clear()
            failing.clear()
        elif line.startswith('? '):
            _, address, sender, _, helo = line.split(' ')
            result, words = spf.check2(address, '' if sender == '<>' else sender, helo, querytime=20)
            print(result, words.replace('\n', ' '), flush=True)
        elif line:
            add(*(line.split(' ', 2) + [''])[:3])


main()
