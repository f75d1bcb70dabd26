package qrate.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A large mailbox, opened by POP3: until the first line of LIST, for the first time and again.
final class Box {
    private static final int MESSAGES = 10_000;

    private Box() {}

    static void run(Run run) throws IOException {
        try (Servers servers = new Servers(run, "box")) {
            List<Server> readers = new ArrayList<>(servers.ours());
            servers.dovecot(DovecotServer.Passwords.IN_CLEAR).ifPresent(readers::add);
            Pop3Load empty = new Pop3Load(Server.MAILBOXES, 0);
            for (Server server : readers) {
                // what opening costs, apart from the first look at a password and from a cold program
                if (server instanceof Server.Ours) {
                    run.warmUp(server, () -> empty.signIn(server, 10));
                } else {
                    empty.signIn(server, 1);
                }
            }
            run.out().printf("POP3, from the password to the first line of LIST, %,d messages%n", MESSAGES);
            for (Server server : readers) {
                double[] first = new double[run.size().rounds()];
                double[] again = new double[first.length];
                for (int i = 0; i < first.length; i++) {
                    Mailboxes.fill(server, "u" + i, 0, MESSAGES);
                    first[i] = Pop3Load.millisToList(server, i);
                    again[i] = Pop3Load.millisToList(server, i);
                }
                run.out()
                        .printf(
                                "  %-26s %7.1f ms at first, %7.1f ms again%n",
                                server.name(), Sample.median(first), Sample.median(again));
            }
            run.out().println();
        }
    }
}
