package qrate.checkpassword;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import qrate.checkpassword.PasswordChecker.Answer;

/// The few threads that compute hashes, so that a flood of logins leaves processors to the mail. Costly hashes have one
/// thread of their own and nobody waits for them but who asks for one; strangers fill half of the queue at most. An
/// office or a webmail logs many in from one address: it has all the room that nobody else wants, and once half of the
/// strangers' is taken, a small part of it each.
final class Workers implements AutoCloseable {
    /// Logins that may wait for a thread; more are answered {@link Answer.Unavailable}.
    static final int WAITING_MAX = 256;

    /// Of them, those from networks that their account has not logged in from.
    static final int STRANGERS_MAX = WAITING_MAX / 2;

    /// Of them, those from one address while others want in.
    static final int PER_ADDRESS_MAX = 16;

    /// Of all, those from one address in any case.
    static final int PER_ADDRESS_ALONE_MAX = STRANGERS_MAX / 2;

    /// Logins that may wait for the thread of costly hashes.
    static final int COSTLY_WAITING_MAX = 8;

    /// Longest wait for a check.
    static final Duration WAIT_MAX = Duration.ofSeconds(20);

    private static final int IDLE_SECONDS = 10;
    private static final String BUSY = "too many logins at once";

    private final ThreadPoolExecutor usual = pool(threads(), WAITING_MAX, "checkpassword-");
    private final ThreadPoolExecutor costly = pool(1, COSTLY_WAITING_MAX, "checkpassword-costly-");
    private final AtomicInteger strangers = new AtomicInteger();
    private final Map<String, Integer> addresses = new ConcurrentHashMap<>();

    /// Whose login it is.
    ///
    /// @param address as {@link Networks#one} names it
    /// @param stranger whether the account has never logged in from near there
    /// @param costly whether the hash takes long
    record Place(String address, boolean stranger, boolean costly) {}

    /// Threads for usual hashes: two, or half of the processors of a larger machine.
    static int threads() {
        return Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
    }

    private static ThreadPoolExecutor pool(int threads, int waiting, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waiting),
                Thread.ofPlatform().daemon().name(name, 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /// Runs a check and waits for its answer, if there is room.
    Answer run(Place place, Callable<Answer> check) {
        int fromThere = addresses.merge(place.address, 1, Integer::sum);
        int before = place.stranger ? strangers.getAndIncrement() : 0;
        int most = before < PER_ADDRESS_ALONE_MAX ? PER_ADDRESS_ALONE_MAX : PER_ADDRESS_MAX;
        try {
            return fromThere <= most && before < STRANGERS_MAX
                    ? await((place.costly ? costly : usual).submit(check))
                    : new Answer.Unavailable(BUSY);
        } catch (RejectedExecutionException _) {
            return new Answer.Unavailable(BUSY);
        } finally {
            if (place.stranger) {
                strangers.getAndDecrement();
            }
            addresses.computeIfPresent(place.address, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    private static Answer await(Future<Answer> answer) {
        try {
            return answer.get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            answer.cancel(false);
            return new Answer.Unavailable("no answer in " + WAIT_MAX.toSeconds() + " s");
        } catch (ExecutionException e) {
            return new Answer.Unavailable(String.valueOf(e.getCause()));
        } catch (CancellationException _) {
            return new Answer.Unavailable("stopping");
        } catch (InterruptedException _) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            return new Answer.Unavailable("stopping");
        }
    }

    @Override
    public void close() {
        for (ThreadPoolExecutor pool : List.of(usual, costly)) {
            for (Runnable waiting : pool.shutdownNow()) {
                ((Future<?>) waiting).cancel(false);
            }
        }
    }
}
