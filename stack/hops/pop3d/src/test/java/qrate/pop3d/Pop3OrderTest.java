package qrate.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.pop3d.Pop3Order.Deed;
import qrate.pop3d.Pop3Order.Door;
import qrate.testkit.Seeds;

class Pop3OrderTest {
    private static final List<String> LINES = List.of(
            "USER ann",
            "PASS secret",
            "AUTH",
            "AUTH PLAIN",
            "AUTH PLAIN AGFubgBzZWNyZXQ=",
            "CAPA",
            "STLS",
            "UTF8",
            "QUIT",
            "NOOP",
            "STAT",
            "LIST",
            "LIST 1",
            "UIDL",
            "UIDL 2",
            "RETR 1",
            "TOP 1 0",
            "DELE 1",
            "RSET",
            "LAST",
            "HELP",
            "");

    private static Command command(String line) {
        return Pop3Parser.parse(line.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "HELP, unknown command",
        "HELP me, unknown command",
        "'', unknown command",
        "QUIT now, no argument expected",
        "USER, USER needs a name",
        "PASS, PASS needs a password",
        "'PASS ', PASS needs a password",
        "APOP ann, APOP needs a name and a digest",
        "AUTH PLAIN a b, AUTH takes a mechanism and one response",
        "TOP 1, TOP needs a message number and a number of lines",
        "TOP 1 x, TOP needs a message number and a number of lines",
        "RETR, a message number is needed",
        "DELE x, a message number is needed",
        "LIST x, a message number is needed",
        "UIDL 1 2, a message number is needed"
    })
    void saysWhatIsWrongWithACommand(String line, String why) {
        assertEquals(new Command.Bad(why), command(line));
        Door door = new Door(true, true, true);
        assertEquals(
                new Deed.Wrong("-ERR " + why),
                Pop3Order.next(new Pop3State.Nobody(false), command(line), door).deed());
    }

    @Test
    void neverOpensABoxWithoutACheckedPassword() {
        Seeds.forAll(300, random -> {
            Pop3State stage = new Pop3State.Nobody(false);
            for (int i = 0; i < 40; i++) {
                Door door = new Door(random.nextBoolean(), random.nextBoolean(), random.nextBoolean());
                Command command = command(LINES.get(random.nextInt(LINES.size())));
                Pop3Order.Step step = Pop3Order.next(stage, command, door);
                assertFalse(step.deed() instanceof Deed.Ask || step.deed() instanceof Deed.Update);
                assertFalse(step.next() instanceof Pop3State.Reading);
                if (!door.login()) {
                    assertFalse(step.deed() instanceof Deed.Plain || step.deed() instanceof Deed.Challenge);
                    assertFalse(command instanceof Command.User && step.next() instanceof Pop3State.Named);
                }
                if (step.deed() instanceof Deed.Login) {
                    assertInstanceOf(Pop3State.Named.class, stage);
                }
                stage = step.next();
            }
        });
    }

    @Test
    void neverLeavesAnOpenBoxButByQuit() {
        Seeds.forAll(300, random -> {
            Command command = command(LINES.get(random.nextInt(LINES.size())));
            Pop3Order.Step step = Pop3Order.next(new Pop3State.Reading(), command, new Door(true, true, true));
            assertEquals(new Pop3State.Reading(), step.next());
            assertEquals(command instanceof Command.Quit, step.deed() instanceof Deed.Update);
        });
    }

    @Test
    void startsAnewAfterStls() {
        Pop3Order.Step step =
                Pop3Order.next(new Pop3State.Named("ann", false), new Command.Stls(), new Door(true, true, true));
        assertEquals(new Pop3Order.Step(new Pop3State.Nobody(false), new Deed.StartTls()), step);
    }

    @Test
    void refusesStlsAfterUtf8() {
        Pop3Order.Step utf8 =
                Pop3Order.next(new Pop3State.Nobody(false), new Command.Utf8(), new Door(true, true, true));
        assertInstanceOf(
                Deed.Wrong.class,
                Pop3Order.next(utf8.next(), new Command.Stls(), new Door(true, true, true))
                        .deed());
    }

    @Test
    void everyLineIsSomeCommandAndNoSecretIsPrinted() {
        Seeds.forAll(5000, random -> {
            byte[] line = line(random);
            Command command = Pop3Parser.parse(line);
            assertTrue(command.toString().length() < 4 * line.length + 200);
            assertEquals(
                    command.toString(), Pop3Parser.parse(line.clone()).toString(), "the same line is the same command");
        });
        assertEquals("Pass[password=(secret)]", command("PASS hush").toString());
    }

    private static byte[] line(Random random) {
        if (random.nextBoolean()) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] line = LINES.get(random.nextInt(LINES.size())).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; line.length > 0 && i < random.nextInt(4); i++) {
            line[random.nextInt(line.length)] = (byte) random.nextInt(256);
        }
        return line;
    }

    @Test
    void takesNumbersAsFarAsTheyMakeSense() {
        assertEquals(new Command.Retr(7), command("retr 007"));
        assertEquals(new Command.Retr(Integer.MAX_VALUE), command("RETR 99999999999999999999"));
        assertInstanceOf(Command.Bad.class, command("RETR -1"));
        assertInstanceOf(Command.Bad.class, command("RETR 1 2"));
        assertInstanceOf(Command.Bad.class, command("RETR \u0661"));
        assertInstanceOf(Command.Bad.class, command("QUIT now"));
        assertEquals(new Command.User("a b"), command("USER a b"));
    }
}
