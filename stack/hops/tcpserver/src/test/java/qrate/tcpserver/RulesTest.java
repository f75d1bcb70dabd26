package qrate.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Program;

class RulesTest {
    private static final String TEXT = """
            # addresses(5) of tcprules
            1.2.3.4:allow,WHO="exact"
            =mail.example.org:allow,WHO="host"
            1.2.3.:allow,WHO="three"
            1.:deny
            10.0.0.18-23:allow,WHO=/range/
            10.1-2.:allow,WHO="nets",MORE="a,b=c"
            =.example.org:allow,WHO="suffix"
            =:allow,WHO="named"
            2001:db8::1:allow,WHO="six"
            2001:db8::/32:allow,WHO="net six"
            2001:db8:aa::allow,WHO="bits"
            :allow,WHO="anyone"
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4,,exact",
        "1.2.3.5,,three",
        "1.2.3.5,mail.example.org,host",
        "1.2.4.5,,deny",
        "1.2.4.5,www.example.org,deny",
        "10.0.0.17,,anyone",
        "10.0.0.18,,range",
        "10.0.0.23,,range",
        "10.0.0.24,,anyone",
        "10.1.9.9,,nets",
        "10.2.9.9,,nets",
        "10.3.9.9,,anyone",
        "9.9.9.9,www.example.org,suffix",
        "9.9.9.9,www.example.net,named",
        "9.9.9.9,,anyone",
        "2001:db8::1,,six",
        "2001:db8::2,,net six",
        "2001:db8:aa::2,,bits",
        "2001:db9::2,,anyone"
    })
    void findsTheRuleInTcprulesOrder(String ip, String host, String who) throws IOException {
        Rules rules = rules(TEXT);
        Rules.Rule rule = rules.find(Ip.parse(ip).orElseThrow(), host == null ? "" : host)
                .orElseThrow()
                .rule();
        String got = switch (rule) {
            case Rules.Rule.Deny _ -> "deny";
            case Rules.Rule.Allow allow -> allow.variables().get("WHO");
        };
        assertEquals(who, got);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4",
                "1.2.3.4:maybe",
                "1.2.3.4:allow,X",
                "1.2.3.4:allow,X=\"a",
                "1.2.3.400:allow",
                "1.2.3:allow",
                "1.2.3.9-3:allow",
                "1.2.3.1-900:allow",
                "2001:zz::/32:deny",
                "2001:db8::/129:deny",
                "a.b:deny",
                "1.2.3.4:allow,=\"x\""
            })
    void refusesALineThatIsNoRule(String line) throws IOException {
        Path file = folder.resolve("rules.cdb");
        TcprulesCompiler.compile(":deny", file);
        byte[] before = Files.readAllBytes(file);
        IOException e = assertThrows(IOException.class, () -> TcprulesCompiler.compile("# one\n" + line, file));
        assertTrue(e.getMessage().startsWith("line 2: "), e.getMessage());
        org.junit.jupiter.api.Assertions.assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void writesTheInstructionsOfTheOriginalFormat() throws IOException {
        TcprulesCompiler.compile("1.2.3.4:allow,A=\"b\",C=\"\"\n5.:deny", folder.resolve("x.cdb"));
        try (qrate.cdb.Cdb cdb = qrate.cdb.Cdb.open(folder.resolve("x.cdb"))) {
            assertEquals("+A=b\0+C=\0", new String(cdb.get(bytes("1.2.3.4")).orElseThrow(), StandardCharsets.UTF_8));
            assertEquals("D\0", new String(cdb.get(bytes("5.")).orElseThrow(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void tellsByCommandWhatItWouldDo() throws Exception {
        Path file = folder.resolve("rules.cdb");
        assertEquals("0:", run(new Tcprules(), TEXT, file.toString(), "rules.tmp"));
        assertEquals(
                "0:rule 10.1.:\nset environment variable MORE=a,b=c\nset environment variable WHO=nets\nallow connection\n",
                run(new Tcprulescheck(), "", file.toString(), "10.1.2.3"));
        assertEquals("0:rule 1.:\ndeny connection\n", run(new Tcprulescheck(), "", file.toString(), "1.9.9.9"));
        assertEquals(
                "0:rule :\nset environment variable WHO=anyone\nallow connection\n",
                run(new Tcprulescheck(), "", file.toString()));
    }

    @Test
    void exitsWith100ForWhatWillNeverWorkAnd111ForTheRest() throws Exception {
        String file = folder.resolve("rules.cdb").toString();
        assertEquals("100:tcprules: usage: tcprules rules.cdb [rules.tmp]\n", run(new Tcprules(), ""));
        assertEquals(
                "100:tcprules: fatal: unable to make " + file + ": line 2: address:allow or address:deny expected\n",
                run(new Tcprules(), ":deny\nnonsense", file));
        assertTrue(run(new Tcprules(), ":deny", folder + "/none/rules.cdb").startsWith("111:tcprules: fatal: "));
        assertEquals(
                "100:tcprules: fatal: rules are larger than 67108864 bytes\n",
                run(new Tcprules(), "#".repeat((64 << 20) + 1), file));
        assertTrue(run(new Tcprulescheck(), "").startsWith("100:tcprulescheck: usage: "));
        assertEquals("100:tcprulescheck: fatal: '1.2' is no address\n", run(new Tcprulescheck(), "", file, "1.2"));
        assertTrue(run(new Tcprulescheck(), "", file, "1.2.3.4").startsWith("111:tcprulescheck: fatal: "));
    }

    @Test
    void refusesRulesThatLetAGatewayRelay() throws IOException {
        Set<java.net.InetAddress> own = Set.of(
                Ip.parse("172.18.0.1").orElseThrow(), Ip.parse("fd00:1::1").orElseThrow());
        for (String bad : List.of("172.18.0.1", "172.18.", "172.", "", "fd00:1::1", "fd00:1::/32", "172.16-20.")) {
            String why = RelayGuard.refusal(rules(bad + ":allow,RELAYCLIENT=\"\""), own)
                    .orElse("let through: " + bad);
            assertTrue(why.contains("sets RELAYCLIENT for"), why);
        }
        for (String good : List.of(
                "127.:allow,RELAYCLIENT=\"\"",
                "172.18.0.2:allow,RELAYCLIENT=\"\"",
                "172.18.0.1:allow\n172.18.:allow,RELAYCLIENT=\"\"",
                "172.18.:allow,DATABYTES=\"9\"\n:deny",
                "172.18.:deny,RELAYCLIENT=\"\"")) {
            assertEquals(java.util.Optional.empty(), RelayGuard.refusal(rules(good), own), good);
        }
        assertTrue(
                RelayGuard.refusal(rules(":allow,RELAYCLIENT=\"\""), Set.of()).isPresent());
    }

    @Test
    void readsGatewaysAsTheKernelPrintsThem() throws IOException {
        List<String> four = List.of(
                "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
                "eth0\t00000000\t010012AC\t0003\t0\t0\t0\t00000000\t0\t0\t0",
                "eth0\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0");
        assertEquals(
                List.of("172.18.0.1"),
                Gateways.routes4(four).stream().map(Ip::text).toList());
        String zero = "0".repeat(32);
        List<String> six = List.of(
                zero + " 00 " + zero + " 00 fd000001000000000000000000000001 00000400 00000001 00000000 00000003 eth0",
                "fd000001000000000000000000000000 40 " + zero + " 00 " + zero + " 00000100 00000001 0 1 eth0");
        assertEquals(
                List.of("fd00:1::1"),
                Gateways.routes6(six).stream().map(Ip::text).toList());
        assertEquals("172.18.0.1", Ip.text(Gateways.first(new byte[] {(byte) 172, 18, 4, 9}, 16)));
        assertTrue(Gateways.ofThisMachine().stream().noneMatch(java.net.InetAddress::isLoopbackAddress));
    }

    @Test
    void seesAReplacedFileAndRefusesOneThatIsDamagedOrRelays() throws IOException {
        AtomicLong now = new AtomicLong(1_000_000);
        Path file = folder.resolve("rules.cdb");
        RulesFile rules = RulesFile.of(
                file,
                () -> Set.of(Ip.parse("172.18.0.1").orElseThrow()),
                () -> java.time.Instant.ofEpochMilli(now.get()));
        assertTrue(rules.rules().find(Ip.parse("1.2.3.4").orElseThrow(), "").isEmpty());
        TcprulesCompiler.compile("1.2.3.4:deny", file);
        now.addAndGet(RulesFile.RECHECK_MILLIS);
        assertTrue(rules.rules().find(Ip.parse("1.2.3.4").orElseThrow(), "").isPresent());
        TcprulesCompiler.compile("172.18.:allow,RELAYCLIENT=\"\"", file);
        now.addAndGet(RulesFile.RECHECK_MILLIS);
        assertTrue(assertThrows(IOException.class, rules::rules).getMessage().contains("RELAYCLIENT"));
        Files.write(file, new byte[10]);
        now.addAndGet(RulesFile.RECHECK_MILLIS);
        assertThrows(IOException.class, rules::rules);
        assertThrows(IOException.class, rules::rules);
        TcprulesCompiler.compile("1.2.3.5:deny", file);
        now.addAndGet(RulesFile.RECHECK_MILLIS);
        assertTrue(rules.rules().find(Ip.parse("1.2.3.4").orElseThrow(), "").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "::1,::1",
        "2001:DB8:0:0:1:0:0:1,2001:db8::1:0:0:1",
        "1:0:0:2:0:0:0:3,1:0:0:2::3",
        "::,::",
        "1:2:3:4:5:6:7:0,1:2:3:4:5:6:7:0",
        "fe80::,fe80::",
        "::ffff:1.2.3.4,1.2.3.4",
        "255.1.0.9,255.1.0.9"
    })
    void writesEachAddressInOneForm(String text, String form) {
        assertEquals(form, Ip.text(Ip.parse(text).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.2.3", "1", "01.2.3.4", "1.2.3.256", "a.b.c.d", "localhost", "::1%lo", "[::1]", "1::2::3", ""})
    void takesNothingElseForAnAddress(String text) {
        assertTrue(Ip.parse(text).isEmpty(), text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String run(Program program, String in, String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = program.run(
                List.of(arguments), new Program.Stdio(Map.of(), new ByteArrayInputStream(bytes(in)), print, print));
        return code + ":" + out.toString(StandardCharsets.UTF_8);
    }

    private Rules rules(String text) throws IOException {
        Path file = Files.createTempFile(folder, "r", ".cdb");
        TcprulesCompiler.compile(text, file);
        try (qrate.cdb.Cdb cdb = qrate.cdb.Cdb.open(file)) {
            return Rules.of(cdb);
        }
    }

    @Test
    void tellsTheSameAsJson() throws Exception {
        String file = folder.resolve("rules.cdb").toString();
        run(new Tcprules(), TEXT, file, "rules.tmp");
        assertEquals(
                "0:{\"rule\":\"10.1.\",\"allow\":true,\"variables\":{\"MORE\":\"a,b=c\",\"WHO\":\"nets\"}}\n",
                run(new Tcprulescheck(), "", "--json", file, "10.1.2.3"));
        assertEquals(
                "0:{\"rule\":\"1.\",\"allow\":false,\"variables\":{}}\n",
                run(new Tcprulescheck(), "", "--json", file, "1.9.9.9"));
        TcprulesCompiler.compile("5.:deny", folder.resolve("x.cdb"));
        assertEquals(
                "0:{\"allow\":true,\"variables\":{}}\n",
                run(new Tcprulescheck(), "", "--json", folder.resolve("x.cdb").toString()));
        assertTrue(run(new Tcprulescheck(), "", "--jsno", file).startsWith("100:tcprulescheck: usage: "));
    }
}
