package qrate.checkpassword;

import java.util.Locale;

/// What of an address tells one customer from another.
final class Networks {
    private static final int GROUPS = 8;
    private static final int PREFIX_GROUPS = 4;

    private Networks() {}

    /// Counts as one: an IPv4 address, an IPv6 /64, of which a customer has all addresses to choose from.
    static String one(String remote) {
        String address = remote.toLowerCase(Locale.ROOT);
        if (address.indexOf(':') < 0) {
            return address;
        }
        int mapped = address.lastIndexOf(':');
        if (address.indexOf('.') > mapped) {
            return address.substring(mapped + 1);
        }
        int zone = address.indexOf('%');
        String plain = zone < 0 ? address : address.substring(0, zone);
        int gap = plain.indexOf("::");
        String[] head = (gap < 0 ? plain : plain.substring(0, gap)).split(":", -1);
        String[] tail = gap < 0 || gap + 2 == plain.length()
                ? new String[0]
                : plain.substring(gap + 2).split(":", -1);
        int heads = head.length == 1 && head[0].isEmpty() ? 0 : head.length;
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; i < PREFIX_GROUPS; i++) {
            String group = i < heads ? head[i] : i >= GROUPS - tail.length ? tail[i - GROUPS + tail.length] : "0";
            String bare = group.replaceFirst("^0+(?=.)", "");
            prefix.append(bare).append(':');
        }
        return prefix.append(":/64").toString();
    }

    /// Where a customer's next address is likely to be: the IPv4 /24, the IPv6 /64.
    static String near(String remote) {
        String one = one(remote);
        int dot = one.lastIndexOf('.');
        return one.indexOf(':') >= 0 || dot < 0 ? one : one.substring(0, dot) + ".0/24";
    }

    /// Whether it is an address at all; programs by hand may not know one.
    static boolean known(String remote) {
        return remote.indexOf('.') > 0 || remote.indexOf(':') >= 0;
    }
}
