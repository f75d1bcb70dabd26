package qrate.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.testkit.Seeds;

class ProxyProtocolTest {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final Endpoints OWN = new Endpoints(
            Ip.parse("127.0.0.1").orElseThrow(), 25, Ip.parse("127.0.0.2").orElseThrow(), 9);

    @TempDir
    Path folder;

    private static String read(String header) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream((header + "rest").getBytes(StandardCharsets.ISO_8859_1));
        String ends = ProxyProtocol.read(in, OWN).forLog();
        assertEquals("rest", new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        return ends;
    }

    @Test
    void readsBothVersionsAndNotAByteMore() throws IOException {
        assertEquals(":10.0.0.1:25 :192.0.2.7::4000", read("PROXY TCP4 192.0.2.7 10.0.0.1 4000 25\r\n"));
        assertEquals(":2001:db8::2:25 :2001:db8::1::4000", read("PROXY TCP6 2001:db8::1 2001:db8::2 4000 25\r\n"));
        assertEquals(OWN.forLog(), read("PROXY UNKNOWN\r\n"));
        assertEquals(OWN.forLog(), read("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"));
        String four = "\u00c0\0\2\7\12\0\0\1\17\u00a0\0\31";
        assertEquals(":10.0.0.1:25 :192.0.2.7::4000", read(SIGNATURE + "\41\21\0\14" + four));
        assertEquals(":10.0.0.1:25 :192.0.2.7::4000", read(SIGNATURE + "\41\21\0\17" + four + "\4\0\0"), "extension");
        assertEquals(OWN.forLog(), read(SIGNATURE + "\40\0\0\0"));
        String six = "\40\1\15\u00b8\0\0\0\0\0\0\0\0\0\0\0\1".repeat(2) + "\17\u00a0\0\31";
        assertEquals(":2001:db8::1:25 :2001:db8::1::4000", read(SIGNATURE + "\41\41\0\44" + six));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "EHLO x\r\n",
                "PROXY\r\n",
                "PROXY TCP4 192.0.2.7 10.0.0.1 4000\r\n",
                "PROXY TCP4 192.0.2.7 10.0.0.1 4000 65536\r\n",
                "PROXY TCP4 192.0.2.7 10.0.0.1 -1 25\r\n",
                "PROXY TCP4 2001:db8::1 2001:db8::2 4000 25\r\n",
                "PROXY TCP6 192.0.2.7 10.0.0.1 4000 25\r\n",
                "PROXY TCP4 localhost 10.0.0.1 4000 25\r\n",
                "PROXY  TCP4 192.0.2.7 10.0.0.1 4000 25\r\n",
                "PROXY TCP4 192.0.2.7 10.0.0.1 4000 25\n",
                "\r\n\r\n\0\r\nQUIT\n\21\21\0\14aaaaaaaaaaaa",
                "\r\n\r\n\0\r\nQUIT\n\41\21\0\13aaaaaaaaaaa",
                "\r\n\r\n\0\r\nQUIT\n\41\22\0\14aaaaaaaaaaaa",
                "\r\n\r\n\0\r\nQUIT\n\42\21\0\14aaaaaaaaaaaa",
                "\r\n\r\n\0\r\nQUIT\n\41\21\u00ff\u00ff",
                "\r\n\r\n\0\r\nQUIT\n\41\21\0\14aaa"
            })
    void refusesEverythingElse(String header) {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        assertThrows(IOException.class, () -> ProxyProtocol.read(new ByteArrayInputStream(bytes), OWN));
    }

    @Test
    void answersOrRefusesWhateverComesAndReadsNoMoreThanItsLimit() {
        List<String> starts = List.of("", "PROXY TCP4 1.2.3.4 5.6.7.8 ", SIGNATURE, SIGNATURE + "\41\21\0");
        Seeds.forAll(3000, random -> {
            byte[] bytes = (starts.get(random.nextInt(4)) + noise(random)).getBytes(StandardCharsets.ISO_8859_1);
            ByteArrayInputStream in = new ByteArrayInputStream(bytes);
            try {
                assertTrue(ProxyProtocol.read(in, OWN).remotePort() <= 65_535);
            } catch (IOException e) {
                assertEquals("bad PROXY header", e.getMessage());
            }
            assertTrue(bytes.length - in.available() <= 16 + ProxyProtocol.V2_BYTES_MAX);
        });
    }

    private static String noise(Random random) {
        byte[] bytes = new byte[random.nextInt(4000)];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void believesOnlyNamedProxies() throws IOException {
        Door door = new Door(folder);
        Files.writeString(door.control.resolve("proxyfrom"), "127.0.0.7\n127.0.1.\n127.0.2.0/24\n");
        String header = "PROXY TCP4 192.0.2.7 10.0.0.1 4000 25\r\n";
        try (Listener listener = Listener.start(Door.settings(), door.parts(), connection -> {
            String ip = connection.environment().get("TCPREMOTEIP") + " ";
            connection.out().write(ip.getBytes(StandardCharsets.US_ASCII));
            connection.out().flush();
            connection.out().write(connection.in().read());
        })) {
            for (String proxy : List.of("127.0.0.7", "127.0.1.200", "127.0.2.1")) {
                try (Socket client = Door.connect(listener, proxy)) {
                    Door.send(client, header + "x");
                    assertEquals("192.0.2.7 x", Door.all(client), proxy);
                }
            }
            try (Socket client = Door.connect(listener, "127.0.0.8")) {
                Door.send(client, header);
                assertTrue(Door.all(client).startsWith("127.0.0.8 P"));
            }
            try (Socket client = Door.connect(listener, "127.0.0.7")) {
                Door.send(client, "EHLO x\r\n");
                assertTrue(Door.all(client).matches("(<reset>)?"));
            }
        }
    }
}
