package qrate.milter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Bytes of the protocol: a packet is a length of four bytes, a letter that counts in it, and data.
final class Packets {
    /// Longest packet that is taken, in bytes: more than the 65,536 that filters send of a body in one piece
    /// and the 102,400 of a field that Postfix takes.
    static final int PACKET_BYTES_MAX = 256 << 10;

    /// Most texts in one packet: arguments, macros and their values.
    static final int TEXTS_MAX = 256;

    private Packets() {}

    /// A packet as it came.
    record Packet(char code, byte[] data) {}

    /// What comes before a packet is read: whether there is room for it.
    @FunctionalInterface
    interface Room {
        /// @throws IOException when so many bytes may not be held
        void take(int bytes) throws IOException;
    }

    /// Reads a packet. A length beyond the limit is an error before anything is held for it, and a packet is
    /// held as far as it has come.
    ///
    /// @return empty at the end of the stream
    /// @throws ProtocolException when it makes no sense
    static Optional<Packet> read(InputStream in, Room room) throws IOException {
        byte[] head = in.readNBytes(Integer.BYTES);
        if (head.length == 0) {
            return Optional.empty();
        }
        if (head.length < Integer.BYTES) {
            throw new EOFException("the connection ended within a packet");
        }
        int length = new Data(head).number();
        if (length < 1 || length > PACKET_BYTES_MAX) {
            throw new ProtocolException("a packet of " + Integer.toUnsignedString(length) + " bytes");
        }
        room.take(length);
        int code = in.read();
        byte[] data = in.readNBytes(length - 1);
        if (code < 0 || data.length < length - 1) {
            throw new EOFException("the connection ended within a packet");
        }
        return Optional.of(new Packet((char) code, data));
    }

    /// What an SMTP server says.
    ///
    /// @throws ProtocolException when it makes no sense
    static MilterCommand command(Packet packet) throws ProtocolException {
        try {
            Data data = new Data(packet.data);
            MilterCommand command = switch (packet.code) {
                case 'O' -> new MilterCommand.Negotiate(data.options());
                case 'D' -> macros(data);
                case 'C' -> connect(data);
                case 'H' -> new MilterCommand.Helo(data.text());
                case 'M' -> new MilterCommand.Mail(data.texts());
                case 'R' -> new MilterCommand.Rcpt(data.texts());
                case 'T' -> new MilterCommand.Data();
                case 'L' -> new MilterCommand.FieldLine(data.text(), data.text());
                case 'N' -> new MilterCommand.HeaderDone();
                case 'B' -> new MilterCommand.BodyChunk(data.rest(MilterCommand.CHUNK_BYTES_MAX));
                case 'E' -> new MilterCommand.BodyDone(data.rest(MilterCommand.CHUNK_BYTES_MAX));
                case 'A' -> new MilterCommand.Abort();
                case 'Q' -> new MilterCommand.Quit();
                case 'K' -> new MilterCommand.QuitForNext();
                case 'U' -> new MilterCommand.Unknown(data.text());
                default -> throw new IllegalArgumentException("no command of milters");
            };
            data.end();
            return command;
        } catch (IllegalArgumentException e) {
            throw nonsense(packet, e);
        }
    }

    /// What a milter says.
    ///
    /// @throws ProtocolException when it makes no sense
    static MilterReply reply(Packet packet) throws ProtocolException {
        try {
            Data data = new Data(packet.data);
            MilterReply reply = switch (packet.code) {
                case 'O' -> new MilterReply.Agreed(data.options());
                case 'p' -> new MilterReply.Progress();
                case 'l' -> new MilterReply.Symbols(data.symbols());
                case 'c' -> new MilterReply.Continue();
                case 'a' -> new MilterReply.Accept();
                case 'r' -> new MilterReply.Reject();
                case 't' -> new MilterReply.TempFail();
                case 'd' -> new MilterReply.Discard();
                case 's' -> new MilterReply.Skip();
                case 'f' -> new MilterReply.ConnectionFails();
                case '4' -> new MilterReply.Shutdown();
                case 'y' -> ReplyText.parsed(data.lastText());
                case 'h' -> new MilterReply.AddField(data.text(), data.text());
                case 'i' -> new MilterReply.InsertField(data.number(), data.text(), data.text());
                case 'm' -> new MilterReply.ChangeField(data.number(), data.text(), data.text());
                case 'e' -> new MilterReply.ChangeSender(data.text(), data.textOrNone());
                case '+' -> new MilterReply.AddRecipient(data.text(), "");
                case '2' -> new MilterReply.AddRecipient(data.text(), data.textOrNone());
                case '-' -> new MilterReply.DeleteRecipient(data.text());
                case 'b' -> new MilterReply.ReplaceBody(data.rest(PACKET_BYTES_MAX));
                case 'q' -> new MilterReply.Quarantine(data.lastText());
                default -> throw new IllegalArgumentException("no reply of milters");
            };
            data.end();
            return reply;
        } catch (IllegalArgumentException e) {
            throw nonsense(packet, e);
        }
    }

    private static ProtocolException nonsense(Packet packet, IllegalArgumentException why) {
        ProtocolException e =
                new ProtocolException("packet " + Integer.toHexString(packet.code) + " (hex): " + why.getMessage());
        e.initCause(why);
        return e;
    }

    private static MilterCommand macros(Data data) {
        MilterStage stage = MilterStage.of((char) data.octet())
                .orElseThrow(() -> new IllegalArgumentException("macros for no step"));
        List<String> texts = data.texts();
        Map<String, String> values = new LinkedHashMap<>();
        // an odd one has no value, as Sendmail may send it
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            values.put(texts.get(i), texts.get(i + 1));
        }
        return new MilterCommand.Macros(stage, values);
    }

    private static MilterCommand connect(Data data) {
        String host = data.text();
        char code = (char) data.octet();
        for (MilterCommand.Family family : MilterCommand.Family.values()) {
            if (family.code() == code) {
                return family == MilterCommand.Family.UNKNOWN
                        ? new MilterCommand.Connect(host, family, 0, "")
                        : new MilterCommand.Connect(host, family, data.octet() << 8 | data.octet(), data.text());
            }
        }
        throw new IllegalArgumentException("an address of no known kind");
    }

    /// Writes what an SMTP server says.
    ///
    /// @throws ProtocolException when it cannot be said: a text with NUL, a packet beyond the limit
    static void write(OutputStream out, MilterCommand command) throws IOException {
        Writing to = new Writing();
        char code = switch (command) {
            case MilterCommand.Negotiate(var offer) -> to.options(offer).code('O');
            case MilterCommand.Macros(var stage, var values) -> {
                to.octet(stage.code());
                for (Map.Entry<String, String> macro : values.entrySet()) {
                    to.text(macro.getKey()).text(macro.getValue());
                }
                yield 'D';
            }
            case MilterCommand.Connect(var host, var family, var port, var address) -> {
                to.text(host).octet(family.code());
                if (family != MilterCommand.Family.UNKNOWN) {
                    to.octet(port >> 8).octet(port).text(address);
                }
                yield 'C';
            }
            case MilterCommand.Helo(var name) -> to.text(name).code('H');
            case MilterCommand.Mail(var arguments) -> to.texts(arguments).code('M');
            case MilterCommand.Rcpt(var arguments) -> to.texts(arguments).code('R');
            case MilterCommand.Data() -> 'T';
            case MilterCommand.FieldLine(var name, var value) ->
                to.text(name).text(value).code('L');
            case MilterCommand.HeaderDone() -> 'N';
            case MilterCommand.BodyChunk(var bytes) -> to.bytes(bytes).code('B');
            case MilterCommand.BodyDone(var rest) -> to.bytes(rest).code('E');
            case MilterCommand.Abort() -> 'A';
            case MilterCommand.Quit() -> 'Q';
            case MilterCommand.QuitForNext() -> 'K';
            case MilterCommand.Unknown(var line) -> to.text(line).code('U');
        };
        to.send(out, code);
    }

    /// Writes what a milter says.
    ///
    /// @throws ProtocolException when it is longer than a packet may be
    static void write(OutputStream out, MilterReply reply) throws IOException {
        Writing to = new Writing();
        char code = switch (reply) {
            case MilterReply.Agreed(var options) -> to.options(options).code('O');
            case MilterReply.Progress() -> 'p';
            case MilterReply.Symbols(var wanted) -> to.symbols(wanted).code('l');
            case MilterReply.Continue() -> 'c';
            case MilterReply.Accept() -> 'a';
            case MilterReply.Reject() -> 'r';
            case MilterReply.TempFail() -> 't';
            case MilterReply.Discard() -> 'd';
            case MilterReply.Skip() -> 's';
            case MilterReply.ConnectionFails() -> 'f';
            case MilterReply.Shutdown() -> '4';
            case MilterReply.Code code1 -> to.text(ReplyText.of(code1)).code('y');
            case MilterReply.AddField(var name, var value) ->
                to.text(name).text(value).code('h');
            case MilterReply.InsertField(var place, var name, var value) ->
                to.number(place).text(name).text(value).code('i');
            case MilterReply.ChangeField(var index, var name, var value) ->
                to.number(index).text(name).text(value).code('m');
            case MilterReply.ChangeSender(var address, var parameters) ->
                to.text(address).textIfAny(parameters).code('e');
            case MilterReply.AddRecipient(var address, var parameters) ->
                to.text(address).textIfAny(parameters).code(parameters.isEmpty() ? '+' : '2');
            case MilterReply.DeleteRecipient(var address) -> to.text(address).code('-');
            case MilterReply.ReplaceBody(var bytes) -> to.bytes(bytes).code('b');
            case MilterReply.Quarantine(var reason) -> to.text(reason).code('q');
        };
        to.send(out, code);
    }

    /// Data of a packet, read from its start.
    private static final class Data {
        private final byte[] bytes;
        private int at;

        Data(byte[] bytes) {
            this.bytes = bytes;
        }

        int octet() {
            if (at == bytes.length) {
                throw new IllegalArgumentException("too short");
            }
            return bytes[at++] & 0xff;
        }

        int number() {
            return octet() << 24 | octet() << 16 | octet() << 8 | octet();
        }

        /// Up to the next NUL, which must be there.
        String text() {
            int from = at;
            while (octet() != 0) {
                // on to the next
            }
            return new String(bytes, from, at - 1 - from, ISO_8859_1);
        }

        String textOrNone() {
            return at == bytes.length ? "" : text();
        }

        /// The last one, which some send without its NUL.
        String lastText() {
            boolean ended = bytes.length > at && bytes[bytes.length - 1] == 0;
            String text = new String(bytes, at, bytes.length - at - (ended ? 1 : 0), ISO_8859_1);
            at = bytes.length;
            if (text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a text with NUL");
            }
            return text;
        }

        List<String> texts() {
            List<String> texts = new ArrayList<>();
            while (at < bytes.length) {
                if (texts.size() == TEXTS_MAX) {
                    throw new IllegalArgumentException("more than " + TEXTS_MAX + " texts");
                }
                texts.add(text());
            }
            return texts;
        }

        byte[] rest(int max) {
            if (bytes.length - at > max) {
                throw new IllegalArgumentException("more than " + max + " bytes");
            }
            byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
            at = bytes.length;
            return rest;
        }

        MilterOptions options() {
            return new MilterOptions(number(), number(), number(), symbols());
        }

        /// Lists for steps that are not known are passed over, as Postfix does.
        Map<MilterStage, String> symbols() {
            Map<MilterStage, String> symbols = new LinkedHashMap<>();
            while (at < bytes.length) {
                Optional<MilterStage> stage = MilterStage.ofSymbols(number());
                String names = text();
                stage.ifPresent(known -> symbols.put(known, names));
            }
            return symbols;
        }

        void end() {
            if (at < bytes.length) {
                throw new IllegalArgumentException(bytes.length - at + " bytes too many");
            }
        }
    }

    /// Data of a packet that is being put together.
    private static final class Writing {
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private boolean speakable = true;

        Writing octet(int octet) {
            data.write(octet);
            return this;
        }

        Writing number(int number) {
            return octet(number >> 24).octet(number >> 16).octet(number >> 8).octet(number);
        }

        Writing text(String text) {
            speakable &= text.indexOf('\0') < 0;
            return bytes(text.getBytes(ISO_8859_1)).octet(0);
        }

        Writing textIfAny(String text) {
            return text.isEmpty() ? this : text(text);
        }

        Writing texts(List<String> texts) {
            texts.forEach(this::text);
            return this;
        }

        Writing bytes(byte[] bytes) {
            data.write(bytes, 0, bytes.length);
            return this;
        }

        Writing options(MilterOptions options) {
            return number(options.version())
                    .number(options.actions())
                    .number(options.steps())
                    .symbols(options.symbols());
        }

        Writing symbols(Map<MilterStage, String> symbols) {
            symbols.forEach((stage, names) -> number(stage.symbols()).text(names));
            return this;
        }

        char code(char code) {
            return code;
        }

        void send(OutputStream out, char code) throws IOException {
            int length = 1 + data.size();
            if (!speakable || length > PACKET_BYTES_MAX) {
                throw new ProtocolException("packet " + code + " of " + length + " bytes"
                        + (speakable ? "" : " with NUL") + " cannot be sent");
            }
            out.write(new byte[] {(byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length});
            out.write(code);
            data.writeTo(out);
        }
    }
}
