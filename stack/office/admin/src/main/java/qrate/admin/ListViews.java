package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import qrate.core.Address;
import qrate.core.Log;
import qrate.core.Slice;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.lists.Decisions;
import qrate.lists.Decisions.Decision;
import qrate.lists.ListLook;
import qrate.publish.MaildirFolders;

/// What is seen of mailing lists, and decided about posts that wait, by whichever door.
final class ListViews {
    /// How long a decision is shown whose post still waits: local delivery carries it out.
    static final Duration UNDER_WAY = Duration.ofMinutes(10);

    private static final int REMEMBERED_MAX = 1_000;

    private final State state;
    private final Domains domains;
    private final Decisions decisions;
    private final Log log;
    private final Map<String, Told> told = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    private record Told(Decision decision, Instant when) {}

    ListViews(State state, Domains domains, Decisions decisions, Log log) {
        this.state = state;
        this.domains = domains;
        this.decisions = decisions;
        this.log = log;
    }

    Domains domains() {
        return domains;
    }

    /// The list in a request's path, by the name of its domain that is no alias.
    String address(Request request) throws IOException {
        Address address = Address.of(request.path("address"));
        return address.local() + "@" + domains.real(address.domain());
    }

    /// A list; empty where there is none.
    Optional<ListLook> look(String address) {
        return ListLook.at(state.maildirs(), address);
    }

    /// A domain's lists, by address, also those that no mail reaches.
    ///
    /// @param domain not an alias domain
    Slice.Part<String> lists(String domain, Slice slice) throws IOException {
        Set<String> there = new TreeSet<>(domains.listAddresses(domain));
        for (String local : new MaildirFolders(state.maildirs()).lists(domain, domains.locals(domain))) {
            there.add(local + "@" + domain);
        }
        there.removeIf(address -> look(address).isEmpty());
        return slice.of(there.iterator());
    }

    /// Those of a domain's lists that mail reaches: the door knows a list by its aliases.
    ///
    /// @param domain not an alias domain
    Set<String> reached(String domain) throws IOException {
        return Set.copyOf(domains.listAddresses(domain));
    }

    /// Lets mail in to a list again.
    Change open(Request request, String address, ListLook look) throws IOException {
        return domains.apply(new Edit.SetList(address, look.settings()), request.actor());
    }

    /// Tells a list what becomes of a post, and the audit log.
    Verdict decide(Request request, ListLook look, ListLook.Waiting post, Choice choice) throws IOException {
        Verdict verdict = decisions.decide(look, post, choice.decision, choice.reason);
        if (verdict instanceof Verdict.Delivered) {
            remember(choice.list, post.id(), choice.decision);
            String what = "list " + choice.list + ": " + (choice.decision == Decision.ACCEPT ? "accept" : "reject")
                    + " post " + post.id() + " of " + post.sender();
            log.line("admin: " + request.name() + " from " + request.remote() + ": " + what);
            domains.audit().done(request.actor(), what);
        }
        return verdict;
    }

    /// What somebody decides.
    ///
    /// @param list address
    /// @param reason for whoever sent what is rejected; may be empty
    record Choice(String list, Decision decision, String reason) {}

    private void remember(String list, String id, Decision decision) {
        lock.lock();
        try {
            told.put(list + " " + id, new Told(decision, decisions.clock().instant()));
            Iterator<Told> all = told.values().iterator();
            while (told.size() > REMEMBERED_MAX) {
                all.next();
                all.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /// What was decided of late about a post that still waits.
    Optional<Decision> underWay(String list, String id) {
        lock.lock();
        try {
            return Optional.ofNullable(told.get(list + " " + id))
                    .filter(one ->
                            one.when.plus(UNDER_WAY).isAfter(decisions.clock().instant()))
                    .map(Told::decision);
        } finally {
            lock.unlock();
        }
    }
}
