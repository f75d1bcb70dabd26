#!/usr/bin/python
# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""What stands in the way of Qrate on a machine."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: qrate_machine_info
short_description: What stands in the way of Qrate on a machine
version_added: 0.2.0
description:
  - Looks whether ports are free, the clock is right, and there is room; changes nothing.
author: Qrate contributors (@qrate)
attributes:
  check_mode:
    description: The module changes nothing.
    support: full
options:
  ports:
    description: Ports that must be free, or held by Qrate itself.
    type: list
    elements: int
    default: []
  own:
    description:
      - Words that show a program to be Qrate's own, looked for in its arguments and its control group.
    type: list
    elements: str
    default: []
  project:
    description: The project of Compose whose published ports are Qrate's own; empty for none.
    type: str
    default: ""
  now:
    description: Seconds since 1970 by the clock of the control machine; 0 to look at no clock.
    type: float
    default: 0
  clock_seconds_max:
    description: Most seconds by which the clocks may differ.
    type: int
    default: 60
  state:
    description: The folder that the state will lie in; the nearest one above it that is there is looked at.
    type: path
    required: true
  free_mb_min:
    description: Fewest megabytes that must be free there.
    type: int
    default: 1024
  free_inodes_min:
    description: Fewest inodes that must be free there.
    type: int
    default: 10000
  memory_mb_min:
    description: Fewest megabytes of memory that the machine must have.
    type: int
    default: 256
"""

EXAMPLES = r"""
- name: Look at the machine
  qrate.mail.qrate_machine_info:
    ports: [25, 587]
    state: /var/lib/qrate
  register: machine
"""

RETURN = r"""
findings:
  description: One sentence for each thing that stands in the way.
  returned: always
  type: list
  elements: str
  sample: ["port 25 is taken by exim4 (pid 812)"]
"""

import glob
import os
import re
import time

from ansible.module_utils.basic import AnsibleModule

LISTENS = "0A"
PUBLISHED = re.compile(r":(\d{1,5})->")
MB = 1024 * 1024


def lines_of(name):
    try:
        with open(name, "r") as file:
            return file.read().splitlines()
    except (IOError, OSError):
        return []


def listeners(ports):
    """Inode of the socket, and its port, for each that listens on one of them."""
    found = {}
    for name in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in lines_of(name)[1:]:
            part = line.split()
            port = int(part[1].rpartition(":")[2], 16)
            if part[3] == LISTENS and port in ports:
                found[part[9]] = port
    return found


def holders(inodes):
    """Number of the process that has each of these sockets open."""
    found = {}
    for link in glob.glob("/proc/[0-9]*/fd/*"):
        try:
            target = os.readlink(link)
        except OSError:
            continue
        if target.startswith("socket:[") and target[8:-1] in inodes:
            found[target[8:-1]] = link.split("/")[2]
    return found


def words_of(pid):
    """Arguments and control group of a process."""
    arguments = " ".join(lines_of("/proc/%s/cmdline" % pid)).replace("\0", " ")
    return arguments + " " + " ".join(lines_of("/proc/%s/cgroup" % pid))


def published(module):
    """Ports that the containers of a project have."""
    docker = module.get_bin_path("docker") if module.params["project"] else None
    if not docker:
        return set()
    label = "label=com.docker.compose.project=" + module.params["project"]
    code, out, _err = module.run_command([docker, "ps", "--filter", label, "--format", "{{.Ports}}"])
    return set(int(port) for port in PUBLISHED.findall(out)) if code == 0 else set()


def taken(ports, own):
    """A sentence for each port that somebody else holds."""
    inodes = listeners(set(ports))
    pids = holders(inodes) if inodes else {}
    findings = {}
    for inode, port in inodes.items():
        pid = pids.get(inode)
        if pid and any(word in words_of(pid) for word in own):
            continue
        name = " ".join(lines_of("/proc/%s/comm" % pid)) if pid else ""
        findings[port] = "port %d is taken by %s" % (port, "%s (pid %s)" % (name, pid) if pid else "another program")
    return [findings[port] for port in sorted(findings)]


def room(params):
    """Sentences about the disk."""
    folder = os.path.abspath(params["state"])
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize // MB
    findings = []
    if free < params["free_mb_min"]:
        findings.append("disk: %d MB are free in %s, and %d are wanted" % (free, folder, params["free_mb_min"]))
    if disk.f_files and disk.f_favail < params["free_inodes_min"]:
        findings.append("disk: %d inodes are free in %s, and %d are wanted" % (disk.f_favail, folder, params["free_inodes_min"]))
    return findings


def memory(wanted):
    """Sentences about the memory."""
    for line in lines_of("/proc/meminfo"):
        if line.startswith("MemTotal:"):
            there = int(line.split()[1]) // 1024
            return ["memory: %d MB, and %d are wanted" % (there, wanted)] if there < wanted else []
    return []


def clock(now, most):
    """Sentences about the time of day."""
    off = time.time() - now
    if not now or abs(off) <= most:
        return []
    return ["clock: %d seconds %s the control machine's" % (abs(off), "before" if off > 0 else "behind")]


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            ports=dict(type="list", elements="int", default=[]),
            own=dict(type="list", elements="str", default=[]),
            project=dict(type="str", default=""),
            now=dict(type="float", default=0),
            clock_seconds_max=dict(type="int", default=60),
            state=dict(type="path", required=True),
            free_mb_min=dict(type="int", default=1024),
            free_inodes_min=dict(type="int", default=10000),
            memory_mb_min=dict(type="int", default=256),
        ),
        supports_check_mode=True,
    )
    params = module.params
    findings = (
        taken(set(params["ports"]) - published(module), params["own"])
        + clock(params["now"], params["clock_seconds_max"])
        + room(params)
        + memory(params["memory_mb_min"])
    )
    module.exit_json(changed=False, findings=findings)


if __name__ == "__main__":
    main()
