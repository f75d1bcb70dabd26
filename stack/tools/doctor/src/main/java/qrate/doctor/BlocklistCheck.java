package qrate.doctor;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.ReverseMap;
import qrate.dns.Dns;
import qrate.zone.Ours;

/// Whether our addresses stand in blocklists (RFC 5782). Asks strangers about us, so only those that somebody named.
record BlocklistCheck(Ours ours, Dns dns, List<String> lists) implements Check {
    private static final String AREA = "blocklist";

    @Override
    public List<Finding> look() {
        List<Finding> all = new ArrayList<>();
        if (!lists.isEmpty() && ours.addresses().isEmpty()) {
            all.add(Finding.doubtful(AREA, "no public address of this machine is known", "say --address"));
        }
        for (String list : lists) {
            for (InetAddress address : ours.addresses()) {
                all.add(one(list, address));
            }
        }
        return all;
    }

    private Finding one(String list, InetAddress address) {
        String text = address.getHostAddress();
        return switch (dns.addresses(reversed(address) + "." + list)) {
            case Dns.Answer.Found<InetAddress>(var found) ->
                found.stream().anyMatch(BlocklistCheck::isRefusal)
                        ? Finding.doubtful(
                                AREA,
                                list + " does not answer questions from this resolver",
                                "use a resolver of your own")
                        : Finding.broken(
                                AREA,
                                text + " stands in " + list + " ("
                                        + found.getFirst().getHostAddress() + ")",
                                "find out why on the list's web site, fix that, and ask to be removed");
            case Dns.Answer.NoSuchName<InetAddress> _, Dns.Answer.NoData<InetAddress> _ ->
                Finding.well(AREA, text + " is not listed in " + list);
            case Dns.Answer.Failed<InetAddress>(var why) ->
                Finding.doubtful(AREA, list + " does not answer: " + why, "try again");
        };
    }

    /// The address's digits backwards, without the zone that PTR records stand in.
    private static String reversed(InetAddress address) {
        String reverse = ReverseMap.fromAddress(address).toString(true);
        return reverse.substring(0, reverse.lastIndexOf('.', reverse.lastIndexOf('.') - 1));
    }

    /// 127.255.255.0/24 says that the question was not answered.
    private static boolean isRefusal(InetAddress answer) {
        byte[] bytes = answer.getAddress();
        return bytes.length == 4 && bytes[1] == (byte) 255 && bytes[2] == (byte) 255;
    }
}
