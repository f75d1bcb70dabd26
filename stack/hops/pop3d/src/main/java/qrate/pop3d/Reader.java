package qrate.pop3d;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// Answers what can be asked of an open box.
final class Reader {
    private final Drop drop;
    private final Session session;

    Reader(Drop drop, Session session) {
        this.drop = drop;
        this.session = session;
    }

    void answer(Command.OfBox command) throws IOException {
        switch (command) {
            case Command.Noop _ -> session.say("+OK");
            case Command.Stat _ -> {
                drop.measure(session::alive);
                session.say("+OK " + drop.count() + " " + drop.octets());
            }
            case Command.ListAll _ -> table(false);
            case Command.UidlAll _ -> table(true);
            case Command.ListOne(int number) -> {
                if (present(number)) {
                    session.say("+OK " + number + " " + drop.octets(number));
                }
            }
            case Command.UidlOne(int number) -> {
                if (present(number)) {
                    session.say("+OK " + number + " " + drop.uid(number));
                }
            }
            case Command.Retr(int number) -> message(number, Long.MAX_VALUE);
            case Command.Top(int number, long count) -> message(number, count);
            case Command.Dele(int number) -> {
                if (present(number)) {
                    drop.delete(number);
                    session.say("+OK marked");
                }
            }
            case Command.Rset _ -> {
                drop.reset();
                session.say("+OK " + drop.count() + " messages");
            }
            case Command.Last _ -> session.say("+OK " + drop.last());
        }
    }

    private boolean present(int number) throws IOException {
        boolean there = drop.has(number);
        if (!there) {
            session.say("-ERR no such message");
        }
        return there;
    }

    private void table(boolean uids) throws IOException {
        if (!uids) {
            drop.measure(session::alive);
        }
        session.say("+OK");
        for (int n = 1; n <= drop.highest(); n++) {
            if (drop.has(n)) {
                session.say(n + " " + (uids ? drop.uid(n) : Long.toString(drop.octets(n))));
            }
        }
        session.say(".");
    }

    private void message(int number, long count) throws IOException {
        if (!present(number)) {
            return;
        }
        InputStream opened;
        try {
            opened = drop.message(number);
        } catch (IOException e) {
            session.unreadable(number, e);
            return;
        }
        try (InputStream message = opened) {
            session.say(count == Long.MAX_VALUE ? "+OK " + drop.octets(number) + " octets" : "+OK message follows");
            drop.send(number, count, message, new FilterOutputStream(session.out()) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    out.write(bytes, from, length);
                    session.alive(); // whoever fetches a large message slowly is not silent
                }
            });
        }
    }
}
