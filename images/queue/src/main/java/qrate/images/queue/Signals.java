package qrate.images.queue;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import qrate.core.Log;

/// What a daemon does at a signal, beside TERM, which closes it.
///
/// The JDK's one way to hear of HUP and ALRM is `sun.misc.Signal` of jdk.unsupported. The compiler warns of it and
/// cannot be told not to, and warnings are errors here, so it is looked up by name; where it is missing the log says
/// so,
/// and the signal does what it does to any process.
final class Signals {
    private Signals() {}

    /// Runs something at each signal of a name (`HUP`, `ALRM`), on a thread of the JVM.
    static void at(String name, Runnable action, Log log) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            MethodHandle run = lookup.findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(action);
            Object listener =
                    MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(run, 0, signal));
            MethodHandle handle = lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler));
            MethodHandle made = lookup.findConstructor(signal, MethodType.methodType(void.class, String.class));
            Object before = handle.invoke(made.invoke(name), listener);
            if (before == null) {
                log.line("qrate: warning: nothing hears the signal " + name);
            }
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
            log.line("qrate: warning: unable to hear the signal " + name + ": " + e);
        }
    }
}
