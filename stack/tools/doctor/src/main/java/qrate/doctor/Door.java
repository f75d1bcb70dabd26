package qrate.doctor;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;

/// One of our doors.
///
/// @param address where it is to be looked at
record Door(Kind kind, InetSocketAddress address) {
    /// Which one.
    enum Kind {
        SMTP,
        SUBMISSION,
        SMTPS,
        POP3,
        POP3S,
        ADMIN;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static Optional<Kind> of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst();
        }
    }

    /// `smtp=HOST:PORT`.
    static Door parse(String text) throws Options.Wrong {
        int equals = text.indexOf('=');
        Optional<Kind> kind = equals < 0 ? Optional.empty() : Kind.of(text.substring(0, equals));
        return new Door(
                kind.orElseThrow(() -> new Options.Wrong("not a port to look at: " + text)),
                server(text.substring(equals + 1)));
    }

    /// `HOST:PORT`, of IPv6 `[ADDRESS]:PORT`.
    static InetSocketAddress server(String text) throws Options.Wrong {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(colon, 0)).replaceAll("[\\[\\]]", "");
            int port = Integer.parseInt(text.substring(colon + 1));
            if (!host.isEmpty() && port > 0 && port <= 0xffff) {
                return new InetSocketAddress(host, port);
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new Options.Wrong("no HOST:PORT: " + text);
    }
}
