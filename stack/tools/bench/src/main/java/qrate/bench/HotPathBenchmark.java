package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import qrate.cdb.Cdb;
import qrate.cdb.CdbWriter;
import qrate.smtp.Command;
import qrate.smtp.CommandParser;

/// What smtpd does for each command and each recipient, by itself (JMH): a line parsed, a user looked up among 10,000.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HotPathBenchmark {
    private static final int USERS = 10_000;

    private final byte[] mail = "MAIL FROM:<a@client.test> SIZE=1024 BODY=8BITMIME".getBytes(US_ASCII);
    private final byte[] rcpt = "RCPT TO:<u1234@bench.test>".getBytes(US_ASCII);
    private final byte[] user = "u1234".getBytes(US_ASCII);
    private final byte[] nobody = "nobody".getBytes(US_ASCII);
    private Path file;
    private Cdb users;

    @Setup(Level.Trial)
    public void open() throws IOException {
        CdbWriter writer = new CdbWriter();
        for (int i = 0; i < USERS; i++) {
            writer.put(("u" + i).getBytes(US_ASCII), "domains/bench.test/user/Maildir".getBytes(US_ASCII));
        }
        file = Files.createTempFile("bench", ".cdb");
        Files.write(file, writer.toBytes());
        users = Cdb.open(file);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        users.close();
        Files.delete(file);
    }

    @Benchmark
    public Command parseMail() {
        return CommandParser.parse(mail, 0, mail.length);
    }

    @Benchmark
    public Command parseRcpt() {
        return CommandParser.parse(rcpt, 0, rcpt.length);
    }

    @Benchmark
    public Optional<byte[]> findUser() throws IOException {
        return users.get(user);
    }

    @Benchmark
    public Optional<byte[]> findNobody() throws IOException {
        return users.get(nobody);
    }
}
