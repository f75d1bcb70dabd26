package qrate.gate;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.concurrent.CompletableFuture;
import qrate.dns.Dns;
import qrate.dns.Dns.Answer;
import qrate.dns.Hosts;
import qrate.dns.Question;

/// What `control/dnsbl` says: lists that clients are looked for in, and networks that are in none.
///
/// @param lists in their order
/// @param allowed networks
record DnsLists(List<DnsList> lists, List<String> allowed) {
    /// Most lists, each of which is a question or two a client.
    static final int LISTS_MAX = 16;

    DnsLists {
        lists = List.copyOf(lists);
        allowed = List.copyOf(allowed);
    }

    /// Reads the lines of the file.
    ///
    /// @throws IOException for one that makes no sense
    static DnsLists parse(List<String> lines) throws IOException {
        List<DnsList> lists = new ArrayList<>();
        List<String> allowed = new ArrayList<>();
        for (String line : lines) {
            StringTokenizer words = new StringTokenizer(line);
            String network = words.hasMoreTokens() ? words.nextToken() : "";
            boolean allows = words.hasMoreTokens() && words.nextToken().equals("allow");
            try {
                if (!Subnets.isOne(network)) {
                    lists.add(DnsList.parse(line.strip()));
                } else if (allows) {
                    allowed.add(network);
                } else {
                    throw new IllegalArgumentException("a network can only be to allow");
                }
            } catch (IllegalArgumentException e) {
                throw new IOException("control/dnsbl: " + line + ": " + e.getMessage(), e);
            }
        }
        if (lists.size() > LISTS_MAX) {
            throw new IOException("control/dnsbl: more than " + LISTS_MAX + " lists");
        }
        return new DnsLists(lists, allowed);
    }

    /// What became of one question.
    ///
    /// @param listed whether the client stands on the list
    /// @param said what the list says of it; empty when it was not asked, or says nothing
    /// @param trouble why that cannot be told; empty when it can
    private record Found(DnsList list, String name, boolean listed, String said, String trouble) {
        private String reason(InetAddress client) {
            return list.text().isEmpty()
                    ? Hosts.text(client) + " is listed by " + list.zone()
                    : list.text().replace("%IP%", Hosts.text(client));
        }

        private Ruling.Refused refusal(InetAddress client) {
            List<String> words = new ArrayList<>(List.of(reason(client)));
            if (!said.isEmpty()) {
                words.add(list.zone() + " says: " + said);
            }
            return Ruling.Refused.of(550, "5.7.1", words);
        }

        private String look() {
            return name + " A: " + (trouble.isEmpty() ? listed ? "listed" : "not listed" : trouble);
        }
    }

    /// Begins to look for a client in all of them at once.
    ///
    /// @param longest each list is waited for
    /// @return what comes of it, within that time
    CompletableFuture<Listing> of(InetAddress client, Dns dns, InstantSource clock, Duration longest) {
        if (allowed.stream().anyMatch(network -> Subnets.holds(network, client))) {
            return CompletableFuture.completedFuture(Listing.ALLOWED);
        }
        List<CompletableFuture<Found>> all = lists.stream()
                .map(list -> CompletableFuture.supplyAsync(
                        () -> found(list, client, new Allowance(dns, clock, longest, 2)),
                        task -> Thread.ofVirtual().name("dnsbl").start(task)))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(_ -> listing(
                        client, all.stream().map(CompletableFuture::join).toList()));
    }

    private static Found found(DnsList list, InetAddress client, Dns dns) {
        String name = list.question(client);
        return switch (dns.ask(Question.ipv4(name), Dns.QUESTION_MAX).answer()) {
            case Answer.Found<InetAddress>(var all)
            when all.stream().anyMatch(list::isListing) -> new Found(list, name, true, said(list, name, dns), "");
            case Answer.Found<InetAddress>(var all) ->
                new Found(
                        list,
                        name,
                        false,
                        "",
                        all.stream()
                                .filter(list::isTrouble)
                                .findFirst()
                                .map(answer -> "answers " + Hosts.text(answer) + ", which says nothing of a client")
                                .orElse(""));
            case Answer.Failed<InetAddress>(var why) -> new Found(list, name, false, "", why);
            case Answer.NoSuchName<InetAddress> _, Answer.NoData<InetAddress> _ -> new Found(list, name, false, "", "");
        };
    }

    /// The list's words for who is refused; without them he is refused all the same.
    private static String said(DnsList list, String name, Dns dns) {
        boolean wanted = list.does() == DnsList.Does.REFUSE && list.text().isEmpty();
        return wanted && dns.texts(name) instanceof Answer.Found<String>(var all) ? all.getFirst() : "";
    }

    private static Listing listing(InetAddress client, List<Found> all) {
        List<String> looks = all.stream().map(Found::look).toList();
        List<String> troubles = all.stream()
                .filter(one -> !one.trouble.isEmpty())
                .map(one -> one.list.zone() + " does not tell of clients, who count as not listed: " + one.trouble)
                .toList();
        boolean allows = first(all, DnsList.Does.ALLOW).isPresent();
        return new Listing(
                allows,
                first(all, DnsList.Does.REFUSE).filter(_ -> !allows).map(one -> one.refusal(client)),
                first(all, DnsList.Does.MARK).filter(_ -> !allows).map(one -> Ruling.plain(one.reason(client))),
                troubles,
                looks);
    }

    private static Optional<Found> first(List<Found> all, DnsList.Does does) {
        return all.stream().filter(one -> one.listed && one.list.does() == does).findFirst();
    }
}
