package qrate.tcpserver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.cdb.CdbWriter;

/// Compiles rules from text to a cdb (tcprules(1)); an error leaves the old file as it is.
public final class TcprulesCompiler {
    /// Widest range of a rule, in addresses: `1.2.3.0-255`.
    static final int RANGE_MAX = 256;

    /// A line that is no rule; it stays one however often it is read.
    static final class BadLine extends IOException {
        private static final long serialVersionUID = 1L;

        BadLine(int number, String why) {
            super("line " + number + ": " + why);
        }
    }

    private TcprulesCompiler() {}

    /// Compiles and puts the file in place atomically.
    ///
    /// @throws BadLine when a line is wrong, with its number
    /// @throws IOException when the file cannot be written
    public static void compile(String text, Path file) throws IOException {
        compile(text).write(file, "rw-r--r--");
    }

    /// Why rules cannot be compiled; empty when they can.
    public static Optional<String> problem(String text) {
        try {
            compile(text);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    static CdbWriter compile(String text) throws IOException {
        CdbWriter cdb = new CdbWriter();
        int number = 0;
        int rules = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            String rule = line.stripTrailing();
            if (rule.isEmpty() || rule.startsWith("#")) {
                continue;
            }
            Optional<Split> split = split(rule);
            if (split.isEmpty()) {
                throw new BadLine(number, "address:allow or address:deny expected");
            }
            try {
                byte[] value = instructions(split.get().instructions);
                for (String key : keys(split.get().address)) {
                    cdb.put(key.getBytes(StandardCharsets.UTF_8), value);
                    rules++;
                }
            } catch (IllegalArgumentException e) {
                throw new BadLine(number, e.getMessage());
            }
            if (rules > Rules.RULES_MAX) {
                throw new BadLine(number, "more than " + Rules.RULES_MAX + " rules");
            }
        }
        return cdb;
    }

    private record Split(String address, String instructions) {}

    /// At the colon before `allow` or `deny`: an IPv6 address has colons of its own.
    private static Optional<Split> split(String rule) {
        for (int colon = rule.indexOf(':'); colon >= 0; colon = rule.indexOf(':', colon + 1)) {
            String rest = rule.substring(colon + 1);
            if (startsWithWord(rest, "allow") || startsWithWord(rest, "deny")) {
                return Optional.of(new Split(rule.substring(0, colon), rest));
            }
        }
        return Optional.empty();
    }

    private static boolean startsWithWord(String text, String word) {
        return text.startsWith(word) && (text.length() == word.length() || text.charAt(word.length()) == ',');
    }

    /// `allow,VAR="value",OTHER=/value/` in the form that the file has.
    private static byte[] instructions(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = text.indexOf(',');
        if (text.startsWith("deny")) {
            out.write('D');
            out.write(0);
        }
        while (at >= 0 && at < text.length()) {
            int equals = text.indexOf('=', at);
            if (text.charAt(at) != ',' || equals <= at + 1 || equals + 1 >= text.length()) {
                throw new IllegalArgumentException(",VARIABLE=\"value\" expected");
            }
            int end = text.indexOf(text.charAt(equals + 1), equals + 2);
            String name = text.substring(at + 1, equals);
            if (end < 0 || name.indexOf(',') >= 0 || text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("the value of " + name + " has no closing quote");
            }
            out.write('+');
            out.writeBytes((name + "=" + text.substring(equals + 2, end)).getBytes(StandardCharsets.UTF_8));
            out.write(0);
            at = end + 1;
        }
        return out.toByteArray();
    }

    /// The keys of one address: as it is, a range written out, or an IPv6 address or prefix in its one form.
    private static List<String> keys(String address) {
        if (address.indexOf('=') >= 0 || address.indexOf('@') >= 0) {
            return List.of(address.toLowerCase(Locale.ROOT));
        }
        if (address.indexOf(':') >= 0) {
            return List.of(key6(address));
        }
        int dash = address.indexOf('-');
        if (dash < 0) {
            return List.of(check4(address));
        }
        int from = address.lastIndexOf('.', dash) + 1;
        int dot = address.indexOf('.', dash);
        int to = dot < 0 ? address.length() : dot;
        int low = NetworkList.bits(address.substring(from, dash), RANGE_MAX - 1);
        int high = NetworkList.bits(address.substring(dash + 1, to), RANGE_MAX - 1);
        if (low < 0 || high < low) {
            throw new IllegalArgumentException("'" + address + "' is no range");
        }
        List<String> all = new ArrayList<>();
        for (int i = low; i <= high; i++) {
            all.add(check4(address.substring(0, from) + i + address.substring(to)));
        }
        return all;
    }

    /// An IPv4 address, a prefix of one that ends with a dot, or nothing for everyone.
    private static String check4(String address) {
        String whole = address;
        for (int dots = 0; whole.endsWith(".") && dots < 3; dots++) {
            String filled = whole + "0";
            whole = Ip.parse(filled).isPresent() ? filled : filled + ".";
        }
        if (!address.isEmpty() && Ip.parse(whole).isEmpty()) {
            throw new IllegalArgumentException("'" + address + "' is no address");
        }
        return address;
    }

    /// `2001:db8::1`, `2001:db8::/32`, or `2001:db8:` for the same prefix.
    private static String key6(String address) {
        int slash = address.indexOf('/');
        String base = slash < 0 ? address : address.substring(0, slash);
        int bits = slash < 0 ? 128 : NetworkList.bits(address.substring(slash + 1), 128);
        if (slash < 0 && address.endsWith(":") && !address.endsWith("::")) {
            bits = 16 * (address.length() - address.replace(":", "").length());
            base = address + ":";
        }
        Optional<InetAddress> parsed = Ip.parse(base).filter(a -> a instanceof Inet6Address);
        if (parsed.isEmpty() || bits < 0) {
            throw new IllegalArgumentException("'" + address + "' is no address");
        }
        return bits == 128 ? Ip.text(parsed.get()) : Rules.prefix6(parsed.get().getAddress(), bits);
    }
}
