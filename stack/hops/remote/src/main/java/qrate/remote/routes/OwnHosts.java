package qrate.remote.routes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import qrate.core.Control;
import qrate.dns.Hosts;

/// Which hosts are this one, so that mail does not come back to us for ever.
@FunctionalInterface
public interface OwnHosts {
    /// Whether an exchanger is us.
    ///
    /// @param host its name, lower case, or empty for an address literal
    /// @throws IOException when that cannot be told
    boolean isOurs(String host, InetAddress address) throws IOException;

    /// By control `me` (the name), control `localips` (addresses, for hosts behind NAT or in containers) and the
    /// addresses of our interfaces; loopback always is.
    static OwnHosts of(Control control) {
        return of(control, address -> NetworkInterface.getByInetAddress(address) != null);
    }

    /// The same with interfaces of another machine.
    static OwnHosts of(Control control, Interfaces interfaces) {
        return (host, address) -> {
            if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
                return true;
            }
            if (!host.isEmpty() && host.equalsIgnoreCase(control.line("me").orElse(""))) {
                return true;
            }
            String text = Hosts.text(address);
            return control.lines("localips").stream()
                            .anyMatch(line -> Hosts.literal(line)
                                    .map(Hosts::text)
                                    .orElse("")
                                    .equals(text))
                    || interfaces.have(address);
        };
    }

    /// The network interfaces of a machine.
    @FunctionalInterface
    interface Interfaces {
        /// Whether one of them has this address.
        boolean have(InetAddress address) throws IOException;
    }
}
