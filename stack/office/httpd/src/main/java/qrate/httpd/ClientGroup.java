package qrate.httpd;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/// What counts as one client.
final class ClientGroup {
    private static final int PREFIX_BYTES = 8;

    private ClientGroup() {}

    /// An address; of IPv6 its /64, which is what one customer has.
    static String group(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, PREFIX_BYTES) + "/64"
                : address.getHostAddress();
    }
}
