package qrate.spf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import qrate.testkit.DnsServer;

/// A zone and questions about it, as `src/test/spf/scenarios.txt` writes them.
record SpfScenario(String title, List<Entry> zone, List<Ask> asks) {
    static final Path TABLE = Path.of("src/test/spf/scenarios.txt");

    private static final int STRING_BYTES_MAX = 255;

    record Entry(String name, String type, String data) {
        String line() {
            return name + " " + type + (data.isEmpty() ? "" : " " + data);
        }
    }

    /// @param sender empty for nobody
    /// @param result the word expected; may be empty
    record Ask(String address, String sender, String helo, String result) {
        String line() {
            return "? " + address + " " + (sender.isEmpty() ? "<>" : sender) + " HELO " + helo;
        }
    }

    static List<SpfScenario> all() throws IOException {
        List<SpfScenario> all = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            if (line.startsWith("= ")) {
                all.add(new SpfScenario(line.substring(2), new ArrayList<>(), new ArrayList<>()));
            } else if (line.startsWith("? ")) {
                all.getLast().asks.add(ask(line.split(" ", -1)));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split(" ", 3);
                all.getLast().zone.add(new Entry(parts[0], parts[1], parts.length > 2 ? parts[2] : ""));
            }
        }
        return all;
    }

    private static Ask ask(String[] parts) {
        String helo = parts[3].equals("HELO") ? parts[4] : "mail.client.test";
        return new Ask(parts[1], parts[2].equals("<>") ? "" : parts[2], helo, parts[parts.length - 1]);
    }

    DnsServer serve() throws IOException {
        DnsServer server = DnsServer.start();
        zone.forEach(entry -> put(server, entry));
        return server;
    }

    private static void put(DnsServer server, Entry entry) {
        switch (entry.type()) {
            case "FAIL" -> server.fault(entry.name(), DnsServer.Fault.SERVFAIL);
            case "TXT" -> server.put(entry.name(), "TXT", strings(entry.data()));
            default -> server.put(entry.name(), entry.type(), entry.data());
        }
    }

    /// A text as a zone file has it, in strings that are not too long.
    static String strings(String text) {
        StringBuilder out = new StringBuilder("\"");
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int i = 0; i < bytes.length; i++) {
            out.append(i > 0 && i % STRING_BYTES_MAX == 0 ? "\" \"" : "");
            out.append(String.format("\\%03d", bytes[i] & 0xff));
        }
        return out.append('"').toString();
    }
}
