package qrate.qcontrol;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.NoSuchElementException;

/// The queue's control from another process: one connection a request, so there is nothing to close and nothing that
/// goes stale when qmail-send is restarted.
public final class QueueControlClient implements QueueControl {
    private final Path socket;

    /// @param socket `run/send.sock`
    public QueueControlClient(Path socket) {
        this.socket = socket;
    }

    @Override
    public Stat stat() throws IOException {
        return Codec.readStat(ask(List.of("stat")));
    }

    @Override
    public List<Item> list(int limit, long after) throws IOException {
        return Codec.readItems(ask(List.of("list", "" + limit, QueueControlServer.MORE, "" + after)));
    }

    @Override
    public List<String> tls(LocalDate day) throws IOException {
        return ask(List.of("tls", day.toString()));
    }

    @Override
    public List<Traffic> traffic(LocalDate day) throws IOException {
        return Codec.readTraffic(ask(List.of("traffic", day.toString())));
    }

    @Override
    public void retryAll() throws IOException {
        ask(List.of("retry", "all"));
    }

    @Override
    public boolean retry(long id) throws IOException {
        return found("retry", id);
    }

    @Override
    public boolean hold(long id, boolean held) throws IOException {
        return found(held ? "hold" : "release", id);
    }

    @Override
    public boolean bounce(long id) throws IOException {
        return found("bounce", id);
    }

    @Override
    public boolean drop(long id) throws IOException {
        return found("drop", id);
    }

    @Override
    public List<Sender> senders() throws IOException {
        return Codec.readSenders(ask(List.of("senders")));
    }

    @Override
    public List<RefusedDomain> refusedDomains() throws IOException {
        return Codec.readRefused(ask(List.of("refused-domains")));
    }

    @Override
    public boolean letSend(String login) throws IOException {
        return answer(List.of("let", login)).getFirst().equals("K");
    }

    @Override
    public long freeze(Freeze what) throws IOException {
        try {
            return Long.parseLong(ask(List.of("freeze", what.name())).getFirst());
        } catch (NumberFormatException | NoSuchElementException e) {
            throw new IOException("qmail-send answers what makes no sense", e);
        }
    }

    @Override
    public Trace trace() {
        return query -> TraceCodec.read(ask(TraceCodec.words(query)));
    }

    @Override
    public Quarantine quarantine() {
        return new Quarantine() {
            @Override
            public Part list(Whose whose, int limit, long before) throws IOException {
                return KeptCodec.read(ask(List.of("kept", whose.word(), "" + limit, "" + before)));
            }

            @Override
            public boolean letOut(Whose whose, long id) throws IOException {
                return answer(List.of("let-out", whose.word(), "" + id))
                        .getFirst()
                        .equals("K");
            }

            @Override
            public boolean delete(Whose whose, long id) throws IOException {
                return answer(List.of("discard", whose.word(), "" + id))
                        .getFirst()
                        .equals("K");
            }
        };
    }

    private boolean found(String verb, long id) throws IOException {
        return answer(List.of(verb, "" + id)).getFirst().equals("K");
    }

    private List<String> ask(List<String> request) throws IOException {
        List<String> answer = answer(request);
        return answer.subList(1, answer.size());
    }

    /// An answer of K or N.
    private List<String> answer(List<String> request) throws IOException {
        if (!Files.exists(socket)) {
            throw new IOException("qmail-send does not run: " + socket + " is missing");
        }
        List<String> answer;
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            WordList.write(out, request);
            answer = WordList.read(in, WordList.ANSWER_WORDS_MAX)
                    .orElseThrow(() -> new IOException("qmail-send closed the connection"));
        } catch (SocketException e) {
            throw new IOException("qmail-send does not answer at " + socket + ": " + e.getMessage(), e);
        }
        if (answer.isEmpty()
                || !(answer.getFirst().equals("K") || answer.getFirst().equals("N"))) {
            throw new IOException("qmail-send says: " + String.join(" ", answer));
        }
        return answer;
    }
}
