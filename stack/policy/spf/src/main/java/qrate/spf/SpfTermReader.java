package qrate.spf;

import java.util.Locale;
import java.util.Optional;

/// Reads one term of a record (RFC 7208 §4.6.1).
final class SpfTermReader {
    private final String text;
    private final SpfFaults faults;
    private String rest = "";
    private int four = SpfNetwork.IPV4_BITS;
    private int six = SpfNetwork.IPV6_BITS;

    SpfTermReader(String text, SpfFaults faults) {
        this.text = text;
        this.faults = faults;
    }

    /// The term; empty with a fault.
    Optional<SpfTerm> read() {
        int end = nameEnd(0);
        return end > 0 && end < text.length() && text.charAt(end) == '=' ? modifier(end) : directive();
    }

    private int nameEnd(int from) {
        int end = from;
        while (end < text.length() && isOfName(text.charAt(end), end == from)) {
            end++;
        }
        return end;
    }

    private static boolean isOfName(char c, boolean first) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (!first && (SpfMacro.isAlphanumeric(c) || c == '-' || c == '_' || c == '.'));
    }

    private Optional<SpfTerm> modifier(int end) {
        String value = text.substring(end + 1);
        return switch (text.substring(0, end).toLowerCase(Locale.ROOT)) {
            case "redirect" -> SpfMacro.domain(value, faults).map(SpfTerm.Redirect::new);
            case "exp" -> SpfMacro.domain(value, faults).map(SpfTerm.Exp::new);
            default -> SpfMacro.modifier(value, faults).map(_ -> new SpfTerm.Unknown());
        };
    }

    private Optional<SpfTerm> directive() {
        Optional<SpfTerm.Qualifier> sign = SpfTerm.Qualifier.of(text.charAt(0));
        int from = sign.isPresent() ? 1 : 0;
        int end = nameEnd(from);
        rest = text.substring(end);
        return mechanism(text.substring(from, end).toLowerCase(Locale.ROOT))
                .map(mechanism -> new SpfTerm.Directive(sign.orElse(SpfTerm.Qualifier.PASS), mechanism, text));
    }

    private Optional<SpfTerm.Mechanism> mechanism(String name) {
        return switch (name) {
            case "all" -> rest.isEmpty() ? Optional.of(new SpfTerm.Mechanism.All()) : broken("takes nothing behind it");
            case "include" -> domain(true).map(SpfTerm.Mechanism.Include::new);
            case "exists" -> domain(true).map(SpfTerm.Mechanism.Exists::new);
            case "ptr" -> domain(false).map(SpfTerm.Mechanism.Ptr::new);
            case "a" -> prefixes() ? domain(false).map(d -> new SpfTerm.Mechanism.A(d, four, six)) : Optional.empty();
            case "mx" -> prefixes() ? domain(false).map(d -> new SpfTerm.Mechanism.Mx(d, four, six)) : Optional.empty();
            case "ip4", "ip6" -> network(name.equals("ip4"));
            default -> broken("is no mechanism");
        };
    }

    private <T> Optional<T> broken(String why) {
        faults.add(SpfFaults.shown(text) + " " + why);
        return Optional.empty();
    }

    /// `":" domain-spec`, or nothing where that means the domain itself.
    private Optional<SpfMacro> domain(boolean needed) {
        if (rest.isEmpty() && !needed) {
            return Optional.of(SpfMacro.NONE);
        }
        return rest.startsWith(":") && rest.length() > 1
                ? SpfMacro.domain(rest.substring(1), faults)
                : broken("lacks a colon and a domain");
    }

    /// Takes `/24`, `//64` or `/24//64` off the end.
    private boolean prefixes() {
        Optional<Integer> ofSix = prefix("//", SpfNetwork.IPV6_BITS);
        Optional<Integer> ofFour = ofSix.isEmpty() ? Optional.empty() : prefix("/", SpfNetwork.IPV4_BITS);
        six = ofSix.orElse(six);
        four = ofFour.orElse(four);
        return ofFour.isPresent();
    }

    /// Takes the number behind these slashes off the end, where it is; empty with a fault. A slash before other
    /// things belongs to the domain.
    private Optional<Integer> prefix(String slashes, int max) {
        int digits = rest.length();
        while (digits > 0 && rest.charAt(digits - 1) >= '0' && rest.charAt(digits - 1) <= '9') {
            digits--;
        }
        int slash = digits - slashes.length();
        if (digits == rest.length() || slash < 0 || !rest.startsWith(slashes, slash)) {
            return Optional.of(max);
        }
        String number = rest.substring(digits);
        rest = rest.substring(0, slash);
        boolean good = number.length() <= 3 && (number.equals("0") || !number.startsWith("0"));
        return good && Integer.parseInt(number) <= max
                ? Optional.of(Integer.valueOf(number))
                : broken("has a prefix length that is not 0 to " + max);
    }

    private Optional<SpfTerm.Mechanism> network(boolean ofFour) {
        int max = ofFour ? SpfNetwork.IPV4_BITS : SpfNetwork.IPV6_BITS;
        Optional<Integer> bits = prefix("/", max);
        if (bits.isEmpty()) {
            return Optional.empty();
        }
        String address = rest.startsWith(":") ? rest.substring(1) : "";
        Optional<byte[]> bytes = ofFour ? SpfNetwork.ipv4(address) : SpfNetwork.ipv6(address);
        return bytes.isPresent()
                ? Optional.of(new SpfTerm.Mechanism.Ip(new SpfNetwork(bytes.get(), bits.get())))
                : broken("holds no IPv" + (ofFour ? "4" : "6") + " address");
    }
}
