package qrate.spf;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// The client whose right to send is asked for.
///
/// @param address an IPv4 address in the form of an IPv6 one is taken as the former (RFC 7208 §5)
/// @param helo what it calls itself, as it came
public record SpfClient(InetAddress address, String helo) {
    private static final int MAPPED_BYTES = 16;
    private static final int PREFIX_BYTES = 12;

    public SpfClient {
        address = unmapped(address);
    }

    private static InetAddress unmapped(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean mapped = bytes.length == MAPPED_BYTES && bytes[10] == -1 && bytes[11] == -1;
        for (int i = 0; i < PREFIX_BYTES - 2 && mapped; i++) {
            mapped = bytes[i] == 0;
        }
        try {
            return mapped
                    ? InetAddress.getByAddress(Arrays.copyOfRange(bytes, PREFIX_BYTES, MAPPED_BYTES))
                    : InetAddress.getByAddress(bytes); // without a zone
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
