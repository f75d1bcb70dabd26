package qrate.migration;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What the old qmail-send did to the addresses in `local/N/ID`: those of virtual domains have their prefix in front
/// (qmail-send(8)). Our queue puts it there itself.
final class Rewriting {
    private final Set<String> locals = new HashSet<>();
    private final Map<String, String> virtual = new HashMap<>();

    /// @param locals lines of the old `locals`
    /// @param virtualdomains lines of the old `virtualdomains`
    Rewriting(List<String> locals, List<String> virtualdomains) {
        locals.forEach(line -> this.locals.add(lower(line.strip())));
        for (String line : virtualdomains) {
            int colon = line.indexOf(':');
            if (colon >= 0) {
                virtual.put(
                        lower(line.substring(0, colon)),
                        line.substring(colon + 1).strip());
            }
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// The address as it was before.
    String undo(String address) {
        int at = address.lastIndexOf('@');
        String domain = lower(address.substring(at + 1));
        if (at < 0 || locals.contains(domain)) {
            return address;
        }
        for (Map.Entry<String, String> entry : virtual.entrySet()) {
            boolean user = entry.getKey().indexOf('@') >= 0 && !entry.getValue().isEmpty();
            if (user && lower(address).equals(lower(entry.getValue()) + "-" + entry.getKey())) {
                return address.substring(entry.getValue().length() + 1);
            }
        }
        String prefix = prefix(domain) + "-";
        return prefix.length() > 1 && address.startsWith(prefix) ? address.substring(prefix.length()) : address;
    }

    /// The domain's own line, then those of its suffixes, then that of every domain.
    private String prefix(String domain) {
        for (int i = 0; i <= domain.length(); i++) {
            if (i == 0 || i == domain.length() || domain.charAt(i) == '.') {
                String found = virtual.get(domain.substring(i));
                if (found != null) {
                    return found;
                }
            }
        }
        return "";
    }
}
