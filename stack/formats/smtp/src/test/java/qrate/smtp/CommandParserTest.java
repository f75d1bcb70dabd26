package qrate.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.testkit.Seeds;

class CommandParserTest {
    private static Command parse(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return CommandParser.parse(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<>|''",
                "<a@b.example>|a@b.example",
                "a@b.example|a@b.example",
                "<A.b+c=d@B.example>|A.b+c=d@B.example",
                "<@relay.example,@other.example:a@b.example>|a@b.example",
                "<\"a b\"@b.example>|a b@b.example",
                "<\"a\\\"b\\\\c@d\"@b.example>|a\"b\\c@d@b.example",
                "<a@[192.0.2.1]>|a@[192.0.2.1]",
                "<a@[IPv6:2001:db8::1]>|a@[IPv6:2001:db8::1]",
                "<.a..b.@b.example>|.a..b.@b.example",
                "<owner-@[]-user_x=b.example@c.example>|!",
                "<a@b_c.example>|a@b_c.example",
                "<a@b>|a@b"
            })
    void takesPathsAsQmailDoes(String path, String address) {
        Command command = parse("MAIL FROM:" + path);
        if (address.equals("!")) {
            assertInstanceOf(Command.Wrong.class, command);
        } else {
            assertEquals(
                    address,
                    assertInstanceOf(Command.Mail.class, command).from().address());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL",
                "MAIL FROM:",
                "MAIL FROM",
                "MAIL TO:<a@b.example>",
                "MAIL FROM:<a@b.example",
                "MAIL FROM:<a@b.example>x",
                "MAIL FROM:<a b@c.example>",
                "MAIL FROM:<a@b..example>",
                "MAIL FROM:<a@.example>",
                "MAIL FROM:<a@b.example.>",
                "MAIL FROM:<a@>",
                "MAIL FROM:<@b.example>",
                "MAIL FROM:<@b.example:>",
                "MAIL FROM:<a@b@c.example>",
                "MAIL FROM:<a@[]>",
                "MAIL FROM:<#@[]>",
                "MAIL FROM:<a@[1.2.3.4>",
                "MAIL FROM:<a@[1.2.3.4]x>",
                "MAIL FROM:<\"a@b.example>",
                "MAIL FROM:<\"a\"b@c.example>",
                "MAIL FROM:<\"a\\",
                "MAIL FROM:<root>",
                "MAIL FROM:<\u00fc@b.example>",
                "MAIL FROM:<a@b.example> SIZE=x",
                "MAIL FROM:<a@b.example> SIZE",
                "MAIL FROM:<a@b.example> BODY=BINARYMIME",
                "MAIL FROM:<a@b.example> SMTPUTF8=1",
                "MAIL FROM:<a@b.example> RET=SOME",
                "MAIL FROM:<a@b.example> ENVID=a=b",
                "MAIL FROM:<a@b.example> ENVID=+0",
                "MAIL FROM:<a@b.example> AUTH=",
                "MAIL FROM:<a@b.example> ENVID=\u00fc",
                "MAIL FROM:<a@b.example> SIZE=1 SIZE=2",
                "MAIL FROM:<a@b.example> HOLDFOR=9",
                "MAIL FROM:<a@b.example> NOTIFY=NEVER",
                "RCPT TO:<>",
                "RCPT TO:<a@b.example> NOTIFY=NEVER,SUCCESS",
                "RCPT TO:<a@b.example> NOTIFY=",
                "RCPT TO:<a@b.example> NOTIFY=DELAY,DELAY",
                "RCPT TO:<a@b.example> ORCPT=rfc822",
                "RCPT TO:<a@b.example> ORCPT=rfc822;a+zz",
                "RCPT TO:<a@b.example> ORCPT=;a",
                "RCPT TO:<a@b.example> SIZE=1",
                "EHLO",
                "DATA now",
                "QUIT x",
                "RSET x",
                "AUTH",
                "AUTH PLAIN a b",
                "",
                " MAIL FROM:<a@b.example>",
                "GET / HTTP/1.1",
                "EXPN list"
            })
    void refusesWhatBreaksTheGrammar(String line) {
        Command.Wrong wrong = assertInstanceOf(Command.Wrong.class, parse(line));
        assertTrue(wrong.reply().matches("5\\d\\d 5\\.\\d\\.\\d [ -~]+"), wrong.reply());
    }

    @Test
    void readsParametersOfMail() {
        Command.Mail mail = (Command.Mail)
                parse("mail from:<\u00fc@b.example>  size=12 body=8bitmime SMTPUTF8 RET=hdrs ENVID=a+2Bb AUTH=<>  ");
        assertEquals("\u00fc@b.example", mail.from().address());
        assertEquals(12, mail.parameters().size());
        assertEquals(
                "RET=HDRS ENVID=a+2Bb BODY=8BITMIME SMTPUTF8", mail.parameters().travelling());
        assertEquals("<>", mail.parameters().auth());
    }

    @Test
    void readsParametersOfRcpt() {
        Command.Rcpt rcpt = (Command.Rcpt) parse("RCPT TO:<a@b.example> notify=success,failure ORCPT=rfc822;x+40y");
        assertEquals(
                "NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;x+40y", rcpt.parameters().travelling());
        assertEquals("", ((Command.Rcpt) parse("RCPT TO:<postmaster>")).to().domain());
    }

    @Test
    void takesAnInternationalOriginalRecipientInAllItsFormsAndKeepsItInAscii() {
        for (String form : List.of("\u00fc\ud83d\ude00@b.example", "\\x{FC}\\x{1F600}@b.example")) {
            Command.Rcpt rcpt =
                    assertInstanceOf(Command.Rcpt.class, parse("RCPT TO:<a@b.example> ORCPT=UTF-8;" + form));
            assertEquals(
                    "ORCPT=UTF-8;\\x{FC}\\x{1F600}@b.example", rcpt.parameters().travelling());
        }
        for (String bad : List.of("rfc822;\u00fc@b.example", "utf-8;" + "\u00fc".repeat(100), "utf-8;\u0085@b")) {
            assertInstanceOf(Command.Wrong.class, parse("RCPT TO:<a@b.example> ORCPT=" + bad), bad);
        }
        byte[] latin = "RCPT TO:<a@b.example> ORCPT=utf-8;\u00fc@b".getBytes(StandardCharsets.ISO_8859_1);
        assertInstanceOf(Command.Wrong.class, CommandParser.parse(latin, 0, latin.length));
    }

    @Test
    void keepsNumbersFromOverflowing() {
        Command.Mail mail = (Command.Mail) parse("MAIL FROM:<> SIZE=99999999999999999999999");
        assertEquals(Long.MAX_VALUE, mail.parameters().size());
        assertEquals(new Command.Bdat(Long.MAX_VALUE, true), parse("BDAT 18446744073709551617 LAST"));
        assertEquals(new Command.Bdat(0, true), parse("bdat 0 last"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BDAT", "BDAT x", "BDAT -1", "BDAT 1 FIRST", "BDAT 1 LAST LAST", "BDAT 0x10"})
    void givesUpWhenAChunkHasNoLength(String line) {
        assertInstanceOf(Command.Lost.class, parse(line));
    }

    @Test
    void limitsEachLength() {
        String domain = "a.".repeat(127) + "a";
        assertEquals(255, domain.length());
        assertInstanceOf(Command.Mail.class, parse("MAIL FROM:<a@" + domain + ">"));
        for (String bad : List.of(
                "MAIL FROM:<a@" + domain + "b>",
                "MAIL FROM:<a@" + "b".repeat(64) + ".example>",
                "MAIL FROM:<" + "a".repeat(257) + "@b.example>",
                "MAIL FROM:<> ENVID=" + "e".repeat(101),
                "RCPT TO:<a@b.example> ORCPT=rfc822;" + "e".repeat(500),
                "EHLO " + "h".repeat(256),
                "X".repeat(2000))) {
            assertInstanceOf(Command.Wrong.class, parse(bad), bad);
        }
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        byte[] line = "MAIL FROM:<\u00c3(@b.example> SMTPUTF8".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(new Command.Wrong("553 5.6.7 address is not UTF-8"), CommandParser.parse(line, 0, line.length));
    }

    @Test
    void neverShowsAPassword() {
        assertFalse(parse("AUTH PLAIN AGJvYgBzZWNyZXQ=").toString().contains("AGJv"));
    }

    @Test
    void answersWhateverComesAndLetsNoControlCharacterIntoAnAddress() {
        List<String> starts =
                List.of("", "MAIL FROM:", "RCPT TO:<", "MAIL FROM:<\"", "EHLO ", "BDAT ", "AUTH ", "RCPT TO:<a@b> ");
        String alphabet = "ab@.<>\"\\[]:;,= +1\u0001\t\u007f\u0085\u00e9\u2028";
        Seeds.forAll(20_000, random -> {
            StringBuilder text = new StringBuilder(starts.get(random.nextInt(starts.size())));
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] bytes = text.toString()
                    .getBytes(random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
            switch (CommandParser.parse(bytes, 0, bytes.length)) {
                case Command.Mail(MailPath path, MailParameters parameters) -> {
                    check(path);
                    assertTrue(parameters.travelling().chars().allMatch(c -> c >= ' ' && c < 0x7f));
                }
                case Command.Rcpt(MailPath path, RcptParameters parameters) -> {
                    check(path);
                    assertTrue(parameters.travelling().chars().allMatch(c -> c >= ' ' && c < 0x7f));
                }
                case Command.Wrong(String reply) -> assertTrue(reply.startsWith("5"));
                case Command.Lost(String reply) -> assertTrue(reply.startsWith("5"));
                case Command other -> assertTrue(other.toString().length() < 500);
            }
        });
    }

    private static void check(MailPath path) {
        assertTrue(path.address().chars().noneMatch(Character::isISOControl), path.toString());
        assertTrue(path.domain().indexOf('@') < 0);
    }
}
