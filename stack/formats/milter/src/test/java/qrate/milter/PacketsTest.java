package qrate.milter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketsTest {
    private static Packets.Packet packet(String text) {
        byte[] bytes = Scenes.bytes(text);
        return new Packets.Packet((char) bytes[0], java.util.Arrays.copyOfRange(bytes, 1, bytes.length));
    }

    private static String written(MilterCommand command) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Packets.write(out, command);
        return out.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static String written(MilterReply reply) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Packets.write(out, reply);
        return out.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Test
    void commandsAreTheBytesOfSendmail() throws IOException {
        Map<String, MilterCommand> all = Map.ofEntries(
                Map.entry(
                        "\0\0\0\15O\0\0\0\6\0\0\1\u00ff\0\37\u00ff\u00ff",
                        new MilterCommand.Negotiate(MilterOptions.OFFER)),
                Map.entry("\0\0\0\6DMi\0A\0", new MilterCommand.Macros(MilterStage.MAIL, Map.of("i", "A"))),
                Map.entry(
                        "\0\0\0\23Ca.test\0004\1\0001.2.3.4\0",
                        new MilterCommand.Connect("a.test", MilterCommand.Family.INET, 256, "1.2.3.4")),
                Map.entry("\0\0\0\4Cx\0U", new MilterCommand.Connect("x", MilterCommand.Family.UNKNOWN, 0, "")),
                Map.entry("\0\0\0\3Hx\0", new MilterCommand.Helo("x")),
                Map.entry("\0\0\0\16M<a@b>\0SIZE=1\0", new MilterCommand.Mail(List.of("<a@b>", "SIZE=1"))),
                Map.entry("\0\0\0\7R<a@b>\0", new MilterCommand.Rcpt(List.of("<a@b>"))),
                Map.entry("\0\0\0\1T", new MilterCommand.Data()),
                Map.entry("\0\0\0\7LTo\0 x\0", new MilterCommand.FieldLine("To", " x")),
                Map.entry("\0\0\0\1N", new MilterCommand.HeaderDone()),
                Map.entry("\0\0\0\1A", new MilterCommand.Abort()),
                Map.entry("\0\0\0\1Q", new MilterCommand.Quit()),
                Map.entry("\0\0\0\1K", new MilterCommand.QuitForNext()),
                Map.entry("\0\0\0\5UFOO\0", new MilterCommand.Unknown("FOO")));
        for (Map.Entry<String, MilterCommand> one : all.entrySet()) {
            assertEquals(one.getKey(), written(one.getValue()));
            assertEquals(one.getValue(), Packets.command(packet(one.getKey().substring(4))));
        }
        assertEquals("\0\0\0\3Bab", written(new MilterCommand.BodyChunk(Scenes.bytes("ab"))));
        assertEquals("\0\0\0\1E", written(new MilterCommand.BodyDone(new byte[0])));
        assertArrayEquals(Scenes.bytes("ab"), ((MilterCommand.BodyDone) Packets.command(packet("Eab"))).rest());
    }

    @Test
    void repliesAreTheBytesOfLibmilter() throws IOException {
        Map<String, MilterReply> all = Map.ofEntries(
                Map.entry("\0\0\0\1p", new MilterReply.Progress()),
                Map.entry("\0\0\0\1c", new MilterReply.Continue()),
                Map.entry("\0\0\0\1a", new MilterReply.Accept()),
                Map.entry("\0\0\0\1r", new MilterReply.Reject()),
                Map.entry("\0\0\0\1t", new MilterReply.TempFail()),
                Map.entry("\0\0\0\1d", new MilterReply.Discard()),
                Map.entry("\0\0\0\1s", new MilterReply.Skip()),
                Map.entry("\0\0\0\1f", new MilterReply.ConnectionFails()),
                Map.entry("\0\0\0\0014", new MilterReply.Shutdown()),
                Map.entry("\0\0\0\14y550 5%% so\0", MilterReply.Code.of(550, "5% so")),
                Map.entry("\0\0\0\7hTo\0 x\0", new MilterReply.AddField("To", " x")),
                Map.entry("\0\0\0\13i\0\0\0\1To\0 x\0", new MilterReply.InsertField(1, "To", " x")),
                Map.entry("\0\0\0\11m\0\0\0\2To\0\0", new MilterReply.ChangeField(2, "To", "")),
                Map.entry("\0\0\0\5ea@b\0", new MilterReply.ChangeSender("a@b", "")),
                Map.entry("\0\0\0\7ea@b\0x\0", new MilterReply.ChangeSender("a@b", "x")),
                Map.entry("\0\0\0\5+a@b\0", new MilterReply.AddRecipient("a@b", "")),
                Map.entry("\0\0\0\0072a@b\0x\0", new MilterReply.AddRecipient("a@b", "x")),
                Map.entry("\0\0\0\5-a@b\0", new MilterReply.DeleteRecipient("a@b")),
                Map.entry("\0\0\0\6qspam\0", new MilterReply.Quarantine("spam")),
                Map.entry("\0\0\0\7l\0\0\0\2i\0", new MilterReply.Symbols(Map.of(MilterStage.MAIL, "i"))),
                Map.entry(
                        "\0\0\0\23O\0\0\0\6\0\0\0\1\0\0\0\2\0\0\0\3i\0",
                        new MilterReply.Agreed(new MilterOptions(6, 1, 2, Map.of(MilterStage.RCPT, "i")))));
        for (Map.Entry<String, MilterReply> one : all.entrySet()) {
            assertEquals(one.getKey(), written(one.getValue()));
            assertEquals(one.getValue(), Packets.reply(packet(one.getKey().substring(4))));
        }
        assertEquals("\0\0\0\3bab", written(new MilterReply.ReplaceBody(Scenes.bytes("ab"))));
    }

    @Test
    void aReplyOfSeveralLinesKeepsThem() throws IOException {
        MilterReply.Code reply = new MilterReply.Code(451, List.of("4.7.1 come", "4.7.1 again at 100%"));
        assertEquals(reply, Packets.reply(packet("y451-4.7.1 come\r\n451 4.7.1 again at 100%%\0")));
        assertEquals(reply, Packets.reply(packet("y451-4.7.1 come\r\n451 4.7.1 again at 100%")));
        assertTrue(written(reply).endsWith("y451-4.7.1 come\r\n451 4.7.1 again at 100%%\0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "y250 ok\0",
                "y55 x\0",
                "y550\0",
                "y550-x\0",
                "y550 a\r\n550 b\0",
                "y550-a\r\n551 b\0",
                "y550 a\nb\0",
                "y550 4.1.1 x\0",
                "y600 x\0",
                "y550 a\0b\0",
                "y550 x\r\0",
                "y\0",
                "y",
                "hTo\0 x",
                "hTo\0",
                "h\0 x\0",
                "hTo:\0x\0",
                "hT o\0x\0",
                "hTo\0a\nBcc: b\0",
                "hTo\0a\rb\0",
                "hTo\0a\n\0",
                "hTo\0x\0y\0",
                "i\u00ff\u00ff\u00ff\u00ffTo\0x\0",
                "i\0\0To\0x\0",
                "m\u0080\0\0\0To\0x\0",
                "+a\n@b\0",
                "+a@b",
                "2a@b\0x\0y\0",
                "-\0x\0",
                "ea\r@b\0",
                "qa\nb\0",
                "cx",
                "?",
                "O\0\0\0\6",
                "l\0\0",
                "O\0\0\0\6\0\0\0\1\0\0\0\2\0"
            })
    void repliesThatMakeNoSenseAreErrors(String text) {
        assertThrows(ProtocolException.class, () -> Packets.reply(packet(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "O\0\0\0\6",
                "D",
                "D?x\0y\0",
                "DCx",
                "C",
                "Cx\0",
                "Cx\0004\1",
                "Cx\0004\0\1a",
                "Cx\0?\0\1a\0",
                "Hx",
                "H",
                "Mx",
                "LTo\0",
                "LTo\0x\0y\0",
                "Tx",
                "Nx",
                "Ax",
                "Qx",
                "Kx",
                "?"
            })
    void commandsThatMakeNoSenseAreErrors(String text) {
        assertThrows(ProtocolException.class, () -> Packets.command(packet(text)));
    }

    @Test
    void numbersOfTextsAndBytesHaveLimits() throws IOException {
        assertEquals(
                Packets.TEXTS_MAX,
                ((MilterCommand.Mail) Packets.command(packet("M" + "\0".repeat(Packets.TEXTS_MAX))))
                        .arguments()
                        .size());
        assertThrows(ProtocolException.class, () -> Packets.command(packet("M" + "\0".repeat(Packets.TEXTS_MAX + 1))));
        Packets.command(packet("B" + "x".repeat(65_535)));
        assertThrows(ProtocolException.class, () -> Packets.command(packet("B" + "x".repeat(65_536))));
        String lines = "550-x\r\n".repeat(MilterReply.REPLY_LINES_MAX - 1);
        Packets.reply(packet("y" + lines + "550 x\0"));
        assertThrows(ProtocolException.class, () -> Packets.reply(packet("y" + lines + "550-x\r\n550 x\0")));
        assertThrows(
                ProtocolException.class,
                () -> Packets.reply(packet("y550 " + "x".repeat(MilterReply.REPLY_LINE_BYTES_MAX + 1))));
        assertThrows(
                ProtocolException.class,
                () -> Packets.reply(packet("q" + "x".repeat(MilterReply.WORDS_BYTES_MAX + 1) + "\0")));
    }

    @Test
    void aLyingLengthIsAnErrorBeforeAnythingIsHeld() {
        for (String length : List.of(
                "\u007f\u00ff\u00ff\u00ff", "\u00ff\u00ff\u00ff\u00ff", "\u0080\0\0\0", "\0\4\0\1", "\0\0\0\0")) {
            ByteArrayInputStream in = new ByteArrayInputStream(Scenes.bytes(length + "cxxxx"));
            assertThrows(
                    ProtocolException.class,
                    () -> Packets.read(in, bytes -> {
                        throw new AssertionError("room for " + bytes);
                    }));
            assertEquals(5, in.available());
        }
    }

    @Test
    void anEndWithinAPacketIsNoEnd() throws IOException {
        assertTrue(Packets.read(new ByteArrayInputStream(new byte[0]), _ -> {}).isEmpty());
        for (String piece : List.of("\0", "\0\0\0\2", "\0\0\0\2h")) {
            assertThrows(
                    EOFException.class, () -> Packets.read(new ByteArrayInputStream(Scenes.bytes(piece)), _ -> {}));
        }
    }

    @Test
    void whatCannotBeSaidIsNotSaidInPart() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThrows(ProtocolException.class, () -> Packets.write(out, new MilterCommand.Helo("a\0b")));
        assertThrows(
                ProtocolException.class,
                () -> Packets.write(out, new MilterCommand.Helo("x".repeat(Packets.PACKET_BYTES_MAX))));
        assertEquals(0, out.size());
    }

    @Test
    void crlfInAValueIsTheLfThatIsMeant() {
        assertEquals(" a\n\tb", new MilterReply.AddField("To", " a\r\n\tb").value());
    }
}
