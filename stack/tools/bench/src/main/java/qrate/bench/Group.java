package qrate.bench;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A group of rows, by the name that `--rows` takes.
enum Group {
    MAIL("into Maildirs: cold, warm, one connection, 1 MiB", true),
    LISTS("one message to 10, 100, 1,000 mailboxes", true),
    POP3("reading by POP3", true),
    LOGINS("signing in at POP3", true),
    ACCEPTING("accepting while deliveries are held", true),
    REMOTE("from the queue to other hosts, 20 and 100 at once", true),
    IDLE("5,000 connections that are open and idle", true),
    BOX("a mailbox of 10,000 messages by POP3", true),
    POLICY("SPF, DKIM and DMARC on every message, beside opendkim and opendmarc; signing; memory of both", true),
    DEAD("mail for other hosts while 10,000 messages wait for dead ones", false),
    MANY("series: one message to 10 ... 10,000 mailboxes of a domain that has 10,000", false),
    QUEUE("series: a message while 1,000 ... 100,000 others wait", false),
    MAILBOXES("series: a message in a domain of 10 ... 100,000 mailboxes", false),
    GROWING("series: a message into a mailbox of 10 ... 100,000", false);

    /// What it measures.
    final String what;

    private final boolean usual;

    /// @param usual whether it is measured when no group is named
    Group(String what, boolean usual) {
        this.what = what;
        this.usual = usual;
    }

    /// Those that are measured.
    ///
    /// @param named by `--rows`
    /// @param all whether every group is wanted when none is named
    static Set<Group> wanted(List<Group> named, boolean all) {
        if (!named.isEmpty()) {
            return EnumSet.copyOf(named);
        }
        return Arrays.stream(values())
                .filter(group -> all || group.usual)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Group.class)));
    }
}
