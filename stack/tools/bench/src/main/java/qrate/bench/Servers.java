package qrate.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The servers of a part of the run; the end of the part ends them.
final class Servers implements AutoCloseable {
    private final BenchRun run;
    private final String part;
    private final List<Server> started = new ArrayList<>();

    /// @param part its name, for the servers' folders
    Servers(BenchRun run, String part) {
        this.run = run;
        this.part = part;
    }

    <S extends Server> S add(S server) {
        started.add(server);
        return server;
    }

    /// Qrate in the shapes that are measured.
    List<Server.Ours> ours() throws IOException {
        return ours(
                Stream.concat(Server.first().stream(), Server.many().stream()).toList());
    }

    /// With these mailboxes alone.
    List<Server.Ours> ours(List<String> locals) throws IOException {
        List<Server.Ours> ours = new ArrayList<>();
        if (run.shape() != BenchRun.Shape.COMPOSE) {
            ours.add(add(new QrateServer(run.root().resolve(part + "-qrate"), run.jvm(), locals)));
        }
        if (run.shape() != BenchRun.Shape.EMBEDDED) {
            ours.add(add(new ComposeServer(run.top(), run.root().resolve(part + "-compose"), locals)));
        }
        return ours;
    }

    /// Postfix, where it is installed.
    Optional<PostfixServer> postfix(PostfixServer.Setting setting) throws IOException {
        if (!PostfixServer.installed()) {
            run.out().println("postfix is not installed (package postfix): Qrate is measured without it");
            return Optional.empty();
        }
        return Optional.of(add(new PostfixServer(run.root().resolve(part + "-postfix-" + started.size()), setting)));
    }

    /// Dovecot, where it is installed.
    Optional<DovecotServer> dovecot(DovecotServer.Passwords passwords) throws IOException {
        if (!DovecotServer.installed()) {
            run.out()
                    .println(
                            "dovecot with its POP3 is not installed (package dovecot-pop3d): POP3 is measured without it");
            return Optional.empty();
        }
        return Optional.of(add(new DovecotServer(run.root().resolve(part + "-dovecot-" + passwords), passwords)));
    }

    @Override
    public void close() throws IOException {
        for (Server server : started.reversed()) {
            server.close();
        }
    }
}
