package qrate.milter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an SMTP server says to a milter (SMFIC_*). Texts are bytes as characters (ISO 8859-1) without NUL.
public sealed interface MilterCommand {
    /// Most bytes of a body in one piece.
    int CHUNK_BYTES_MAX = 65_535;

    /// The first command: what the SMTP server can do.
    record Negotiate(MilterOptions offer) implements MilterCommand {}

    /// Values of macros for a step, sent in front of it; names of more than one letter stand in braces.
    record Macros(MilterStage stage, Map<String, String> values) implements MilterCommand {
        public Macros {
            values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /// What a milter is told of the session and its messages, one step after the other.
    sealed interface Event extends MilterCommand {
        /// The step that it belongs to.
        MilterStage stage();
    }

    /// Kinds of client addresses (SMFIA_*).
    enum Family {
        /// Nothing is known: no port, no address.
        UNKNOWN('U'),
        /// A Unix socket; the address is its path.
        UNIX('L'),
        /// IPv4.
        INET('4'),
        /// IPv6.
        INET6('6');

        private final char code;

        Family(char code) {
            this.code = code;
        }

        char code() {
            return code;
        }
    }

    /// Somebody has connected.
    ///
    /// @param host the name of the address, or the address in brackets where it has none
    /// @param port 0 where it is not known
    /// @param address without brackets
    record Connect(String host, Family family, int port, String address) implements Event {
        /// A client of SMTP over TCP.
        ///
        /// @param host its name, or nothing
        /// @param ip its address, as tcp-environ(5) has it
        public static Connect of(String host, String ip, int port) {
            Family family = ip.isEmpty() ? Family.UNKNOWN : ip.indexOf(':') < 0 ? Family.INET : Family.INET6;
            return new Connect(host.isEmpty() ? "[" + ip + "]" : host, family, port, ip);
        }

        @Override
        public MilterStage stage() {
            return MilterStage.CONNECT;
        }
    }

    /// HELO or EHLO.
    record Helo(String name) implements Event {
        @Override
        public MilterStage stage() {
            return MilterStage.HELO;
        }
    }

    /// MAIL.
    ///
    /// @param arguments the address in `<>`, then the ESMTP parameters
    record Mail(List<String> arguments) implements Event {
        public Mail {
            arguments = List.copyOf(arguments);
        }

        @Override
        public MilterStage stage() {
            return MilterStage.MAIL;
        }
    }

    /// RCPT.
    ///
    /// @param arguments the address in `<>`, then the ESMTP parameters
    record Rcpt(List<String> arguments) implements Event {
        public Rcpt {
            arguments = List.copyOf(arguments);
        }

        @Override
        public MilterStage stage() {
            return MilterStage.RCPT;
        }
    }

    /// DATA.
    record Data() implements Event {
        @Override
        public MilterStage stage() {
            return MilterStage.DATA;
        }
    }

    /// A field of the header.
    ///
    /// @param value what stands behind the colon, its blanks included, with LF inside where it is folded
    record FieldLine(String name, String value) implements Event {
        @Override
        public MilterStage stage() {
            return MilterStage.FIELD;
        }
    }

    /// The end of the header.
    record HeaderDone() implements Event {
        @Override
        public MilterStage stage() {
            return MilterStage.HEADER_END;
        }
    }

    /// A piece of the body, with lines ended by CRLF; a line may go over several pieces.
    record BodyChunk(byte[] bytes) implements Event {
        @Override
        public MilterStage stage() {
            return MilterStage.BODY;
        }
    }

    /// The end of the body.
    ///
    /// @param rest the last piece, if it was not sent before
    record BodyDone(byte[] rest) implements Event {
        @Override
        public MilterStage stage() {
            return MilterStage.BODY_END;
        }
    }

    /// A command that the SMTP server does not know.
    record Unknown(String line) implements Event {
        @Override
        public MilterStage stage() {
            return MilterStage.UNKNOWN;
        }
    }

    /// The message is given up; it is not answered.
    record Abort() implements MilterCommand {}

    /// The session is over; it is not answered.
    record Quit() implements MilterCommand {}

    /// The session is over, and another begins on the same connection; it is not answered.
    record QuitForNext() implements MilterCommand {}

    /// Arguments of MAIL or RCPT.
    ///
    /// @param address without brackets
    /// @param parameters as they stand in the command, separated by blanks
    static List<String> arguments(String address, String parameters) {
        List<String> all = new ArrayList<>(List.of("<" + address + ">"));
        for (String parameter : parameters.split(" ", -1)) {
            if (!parameter.isEmpty()) {
                all.add(parameter);
            }
        }
        return all;
    }
}
