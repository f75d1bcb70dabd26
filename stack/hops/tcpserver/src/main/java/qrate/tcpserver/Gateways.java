package qrate.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Addresses that a stranger's connection can seem to come from on this machine: the gateways of its routes, the
/// first address of each network it is on (where a container engine puts its bridge), and its own.
public final class Gateways {
    private Gateways() {}

    /// Asks the system now.
    ///
    /// @throws IOException when its tables cannot be read
    public static Set<InetAddress> ofThisMachine() throws IOException {
        Set<InetAddress> all = new LinkedHashSet<>();
        all.addAll(routes4(lines(Path.of("/proc/net/route"))));
        all.addAll(routes6(lines(Path.of("/proc/net/ipv6_route"))));
        for (NetworkInterface card : (Iterable<NetworkInterface>) NetworkInterface.networkInterfaces()::iterator) {
            for (InterfaceAddress address : card.getInterfaceAddresses()) {
                if (!address.getAddress().isLoopbackAddress()) {
                    all.add(InetAddress.getByAddress(address.getAddress().getAddress())); // without zone
                    all.add(first(address.getAddress().getAddress(), address.getNetworkPrefixLength()));
                }
            }
        }
        return all;
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException _) {
            return List.of(); // no such protocol on this machine
        }
    }

    /// The first host address of a network.
    static InetAddress first(byte[] address, int bits) throws IOException {
        byte[] network = Ip.masked(address, bits);
        if (bits < address.length * 8) {
            network[network.length - 1] |= 1;
        }
        return InetAddress.getByAddress(network);
    }

    /// Gateways of `/proc/net/route`: third column, hexadecimal, in the byte order of the machine.
    static List<InetAddress> routes4(List<String> table) throws IOException {
        List<InetAddress> found = new ArrayList<>();
        for (String line : table) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length > 2 && columns[2].length() == 8 && isHex(columns[2]) && !isZero(columns[2])) {
                byte[] bytes = HexFormat.of().parseHex(columns[2]);
                boolean little = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
                found.add(
                        InetAddress.getByAddress(little ? new byte[] {bytes[3], bytes[2], bytes[1], bytes[0]} : bytes));
            }
        }
        return found;
    }

    /// Gateways of `/proc/net/ipv6_route`: fifth column.
    static List<InetAddress> routes6(List<String> table) throws IOException {
        List<InetAddress> found = new ArrayList<>();
        for (String line : table) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length > 4 && columns[4].length() == 32 && isHex(columns[4]) && !isZero(columns[4])) {
                found.add(InetAddress.getByAddress(HexFormat.of().parseHex(columns[4])));
            }
        }
        return found;
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(HexFormat::isHexDigit);
    }

    private static boolean isZero(String text) {
        return text.chars().allMatch(c -> c == '0');
    }
}
