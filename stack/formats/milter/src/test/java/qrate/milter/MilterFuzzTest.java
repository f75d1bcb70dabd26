package qrate.milter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Budget;
import qrate.core.Log;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.Wanted;
import qrate.testkit.Fuzz;

class MilterFuzzTest {
    private static byte[] packets(String... all) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String packet : all) {
            byte[] bytes = Scenes.bytes(packet);
            out.writeBytes(new byte[] {0, 0, (byte) (bytes.length >> 8), (byte) bytes.length});
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    private static final List<byte[]> SERVER = List.of(
            packets(
                    Scenes.Wire.options(6, 0x1ff, MilterOptions.STEPS_ALL),
                    "DCj\0x\0",
                    "Ca.test\0004\0\0311.2.3.4\0",
                    "Hx\0",
                    "DMi\0A\0",
                    "M<a@b>\0SIZE=1\0",
                    "R<c@d>\0",
                    "T",
                    "LTo\0 x\n\ty\0",
                    "N",
                    "Bbody\r\n",
                    "E",
                    "A",
                    "UFOO\0",
                    "K",
                    "Cx\0U",
                    "M<a@b>\0",
                    "Q"),
            packets(Scenes.Wire.options(2, 0, 0x7f), "M<a@b>\0", "R<c@d>\0", "LA\0b\0", "N", "Ex", "M<>\0", "A"));

    private static final List<byte[]> MILTER = List.of(
            packets(
                    Scenes.Wire.options(6, 0x1ff, 0) + "\0\0\0\2i {x}\0",
                    "c",
                    "p",
                    "s",
                    "hX\0 y\n\tz\0",
                    "i\0\0\0\0X\0 y\0"),
            packets(
                    "m\0\0\0\2X\0\0",
                    "ea@b\0x\0",
                    "+a@b\0",
                    "2a@b\0y=1\0",
                    "-a@b\0",
                    "bbody",
                    "qspam\0",
                    "l\0\0\0\2i\0"),
            packets("y550-5.7.1 a\r\n550 5.7.1 b%%\0", "r", "t", "d", "f", "4", "a"));

    /// Entry points: {@link Packets#read}, {@link Packets#command}, {@link Packets#write}.
    @Test
    void commandsAreReadAsTheyAreWritten() {
        Fuzz.Outcome outcome = Fuzz.run("milter commands", SERVER, bytes -> {
            InputStream in = new ByteArrayInputStream(bytes);
            for (Optional<Packets.Packet> packet = Packets.read(in, _ -> {});
                    packet.isPresent();
                    packet = Packets.read(in, _ -> {})) {
                MilterCommand command = Packets.command(packet.get());
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                Packets.write(out, command);
                MilterCommand again = Packets.command(Packets.read(new ByteArrayInputStream(out.toByteArray()), _ -> {})
                        .orElseThrow());
                assertEquals(command.getClass(), again.getClass());
                if (!(command instanceof MilterCommand.BodyChunk || command instanceof MilterCommand.BodyDone)) {
                    assertEquals(command, again);
                }
            }
        });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry points: {@link Packets#reply}, {@link ReplyText}, {@link EditedHeader#after}: whatever a milter
    /// says, a header after its changes has the fields that it should and no others.
    @Test
    void repliesAreReadAsTheyAreWrittenAndMakeNoFieldsThatAreNone() {
        List<Field> came = List.of(Field.of("X", "1"), Field.of("To", "a@b"), Field.of("X", "2"));
        Fuzz.Outcome outcome = Fuzz.run("milter replies", MILTER, bytes -> {
            List<MilterReply.FieldChange> changes = new ArrayList<>();
            InputStream in = new ByteArrayInputStream(bytes);
            for (Optional<Packets.Packet> packet = Packets.read(in, _ -> {});
                    packet.isPresent();
                    packet = Packets.read(in, _ -> {})) {
                MilterReply reply = Packets.reply(packet.get());
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                Packets.write(out, reply);
                MilterReply again = Packets.reply(Packets.read(new ByteArrayInputStream(out.toByteArray()), _ -> {})
                        .orElseThrow());
                if (!(reply instanceof MilterReply.ReplaceBody)) {
                    assertEquals(reply, again);
                }
                if (reply instanceof MilterReply.FieldChange change) {
                    changes.add(change);
                    check(EditedHeader.of(came, came).after(changes));
                }
            }
        });
        assertTrue(outcome.runs() > 0);
    }

    private static void check(EditedHeader edited) throws IOException {
        Body message = Body.of((new String(edited.bytes(), StandardCharsets.ISO_8859_1) + "\nbody\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        Header read = Header.of(message, Wanted.all(1 << 20));
        assertEquals(
                edited.fields().stream().map(Field::raw).toList(),
                read.fields().stream().map(Field::raw).toList());
        assertEquals(message.size() - 6, read.bytes());
    }

    /// Entry point: {@link MilterDialogue#next}: a handler sees an SMTP session as it should be, whatever
    /// comes.
    @Test
    void aHandlerSeesStepsInOrder() {
        Fuzz.Outcome outcome = Fuzz.run("milter sessions", SERVER, bytes -> {
            Order order = new Order();
            Budget memory = new Budget(1 << 20);
            try (Budget.Share share = memory.share("x");
                    MilterDialogue dialogue = new MilterDialogue(
                            new MilterServer.Work(Scenes.everything(), () -> order),
                            MilterServer.Limits.USUAL,
                            share,
                            new ByteArrayOutputStream(),
                            Log.silent())) {
                InputStream in = new ByteArrayInputStream(bytes);
                while (dialogue.next(in)) {
                    assertTrue(share.held() < 70_000, share.held() + " bytes");
                }
            } finally {
                assertEquals(1 << 20, memory.free());
            }
        });
        assertTrue(outcome.runs() > 0);
    }

    private static final class Order implements MilterHandler {
        private boolean mail;
        private boolean header;
        private boolean body;

        @Override
        public MilterAnswer on(MilterCommand.Event event, Context context) {
            boolean right = switch (event) {
                case MilterCommand.Connect _, MilterCommand.Helo _, MilterCommand.Mail _ -> !mail;
                case MilterCommand.Rcpt _, MilterCommand.Data _ -> mail && !header && !body;
                case MilterCommand.FieldLine _ -> mail && !body;
                case MilterCommand.HeaderDone _, MilterCommand.BodyChunk _, MilterCommand.BodyDone _ -> mail;
                case MilterCommand.Unknown _ -> true;
            };
            if (!right) {
                throw new AssertionError(event + " mail " + mail + " header " + header + " body " + body);
            }
            mail = (mail || event instanceof MilterCommand.Mail) && !(event instanceof MilterCommand.BodyDone);
            header = mail && (header || event instanceof MilterCommand.FieldLine);
            boolean behind = event.stage().compareTo(MilterStage.FIELD) > 0 && event.stage() != MilterStage.UNKNOWN;
            body = mail && (body || behind);
            return MilterAnswer.CONTINUE;
        }

        @Override
        public void abort() {
            mail = false;
            header = false;
            body = false;
        }
    }

    /// Entry point: {@link MilterSetting#parse}.
    @Test
    void linesOfTheControlFile() {
        Fuzz.Outcome outcome = Fuzz.run(
                "control/milters",
                Fuzz.corpus("inet:8891@localhost timeout=5 away=accept name=x", "unix:/run/x.sock", "inet6:1@[::1]"),
                bytes -> {
                    try {
                        MilterSetting.parse(new String(bytes, StandardCharsets.ISO_8859_1));
                    } catch (IllegalArgumentException e) {
                        assertTrue(e.getMessage().startsWith("control/milters: "), e.getMessage());
                    }
                });
        assertTrue(outcome.runs() > 0);
    }
}
