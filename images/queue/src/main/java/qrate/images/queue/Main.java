package qrate.images.queue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import qrate.core.Daemon;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.core.StateVersion;
import qrate.qmqp.QmqpClient;
import qrate.queue.Journal;
import qrate.queue.QmailQueue;
import qrate.signer.SignerDoor;

/// The one main of `send`, `lspawn`, `rspawn`, `signer` and `gate`.
public final class Main {
    private Main() {}

    /// The commands of this image by name.
    public static Map<String, Program> commands(Map<String, String> environment) {
        Map<String, Program> commands = new TreeMap<>(QueuePrograms.commands(environment));
        commands.putAll(LocalByHand.commands(environment));
        commands.putAll(ListsByHand.programs(environment));
        return commands;
    }

    public static void main(String[] arguments) {
        Map<String, Program> programs = new TreeMap<>(commands(System.getenv()));
        programs.put("send", role((roles, _) -> {
            Journal queue = roles.queue();
            roles.send(
                    queue,
                    List.of(new QmqpClient.Server("0", Roles.QMQP_PORT)),
                    roles.far("lspawn", "QRATE_LSPAWN", Roles.LSPAWN_PORT),
                    roles.far("rspawn", "QRATE_RSPAWN", Roles.RSPAWN_PORT));
        }));
        programs.put(
                "lspawn",
                role((roles, environment) -> roles.serveLocal(QmailQueue.client(environment), Roles.LSPAWN_PORT)));
        programs.put("rspawn", role((roles, _) -> roles.serveRemote(Roles.RSPAWN_PORT)));
        programs.put("signer", Main::signer);
        programs.put("gate", GateRole::run);
        Launcher.main(programs, arguments);
    }

    private static int signer(List<String> arguments, Program.Stdio stdio) throws Exception {
        Log log = Log.standard(stdio.environment());
        Daemon daemon = new Daemon(log);
        daemon.add(SignerDoor.open(State.of(stdio.environment()), log));
        return daemon.untilTerm();
    }

    @FunctionalInterface
    private interface Opening {
        void open(Roles roles, Map<String, String> environment) throws Exception;
    }

    private static Program role(Opening opening) {
        return (List<String> _, Program.Stdio stdio) -> {
            Log log = Log.standard(stdio.environment());
            State state = State.of(stdio.environment());
            StateVersion.check(state);
            Daemon daemon = new Daemon(stdio.environment(), log);
            opening.open(new Roles(daemon, state, stdio.environment(), log), stdio.environment());
            return daemon.untilTerm();
        };
    }
}
