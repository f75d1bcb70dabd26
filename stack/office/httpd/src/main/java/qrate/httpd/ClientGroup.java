package qrate.httpd;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/// What counts as one client.
public final class ClientGroup {
    private static final int PREFIX_BYTES = 8;

    private ClientGroup() {}

    /// An address; of IPv6 its /64, which is what one customer has.
    static String group(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, PREFIX_BYTES) + "/64"
                : address.getHostAddress();
    }

    /// The same of an address as {@link Asked.Client} has it; what is none is one client of its own.
    public static String of(String address) {
        return Proxies.address(address).map(ClientGroup::group).orElse(address);
    }
}
