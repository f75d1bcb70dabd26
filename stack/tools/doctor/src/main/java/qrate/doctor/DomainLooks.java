package qrate.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import qrate.zone.Ours;

/// Looks at our domains, some at a time: each look waits for DNS.
final class DomainLooks {
    /// Domains that are looked at, at most.
    static final int DOMAINS_MAX = 200;

    private static final int AT_ONCE = 16;

    private DomainLooks() {}

    /// What is found at one domain.
    @FunctionalInterface
    interface Look {
        List<Finding> at(String domain) throws IOException;
    }

    /// What is found, in the order of the domains; what was found until an interrupt.
    static List<Finding> of(Ours ours, Look look) throws IOException {
        List<Finding> all = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<List<Finding>>> looks = ours.domains().stream()
                    .limit(DOMAINS_MAX)
                    .map(domain -> threads.submit(() -> look.at(domain)))
                    .toList();
            for (Future<List<Finding>> each : looks) {
                all.addAll(each.get());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        }
        return all;
    }
}
