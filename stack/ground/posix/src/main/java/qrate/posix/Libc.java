package qrate.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Functions of the C library by name. All of them give an int; each call has its own errno.
final class Libc {
    private static final int EINTR = 4;

    /// What a call gave, and errno if that was -1.
    record Result(int value, int errno) {}

    private final Map<String, MethodHandle> handles = new ConcurrentHashMap<>();

    /// Calls a function; again while a signal interrupts it.
    ///
    /// @param arguments each an Integer, a Long or a MemorySegment
    /// @throws IOException when the function is not there or calls are not allowed
    Result call(String name, Object... arguments) throws IOException {
        MethodHandle handle = handle(name, arguments);
        List<Object> all = new ArrayList<>(arguments.length + 1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            all.add(state);
            all.addAll(List.of(arguments));
            while (true) {
                int value = (int) handle.invokeWithArguments(all);
                int errno = state.get(ValueLayout.JAVA_INT, 0);
                if (value != -1 || errno != EINTR) {
                    return new Result(value, errno);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(name, e);
        }
    }

    /// Calls a function that must not fail.
    ///
    /// @throws IOException when it gave -1, with the system's reason
    int must(String name, Object... arguments) throws IOException {
        Result result = call(name, arguments);
        if (result.value == -1) {
            throw new IOException(name + ": " + reason(result.errno));
        }
        return result.value;
    }

    /// Whether there is such a function.
    boolean has(String name) {
        return Linker.nativeLinker().defaultLookup().find(name).isPresent();
    }

    // restricted: this class is the one place that calls native code; signatures are those of the manual pages
    @SuppressWarnings("restricted")
    private MethodHandle handle(String name, Object... arguments) throws IOException {
        MethodHandle known = handles.get(name);
        if (known != null) {
            return known;
        }
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Integer _ -> ValueLayout.JAVA_INT;
                case Long _ -> ValueLayout.JAVA_LONG;
                case MemorySegment _ -> ValueLayout.ADDRESS;
                default -> throw new IllegalArgumentException(name + ": argument " + i);
            };
        }
        try {
            Linker linker = Linker.nativeLinker();
            MemorySegment symbol = linker.defaultLookup()
                    .find(name)
                    .orElseThrow(() -> new IOException(name + ": not in this system's C library"));
            MethodHandle handle = linker.downcallHandle(
                    symbol,
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts),
                    Linker.Option.captureCallState("errno"));
            handles.put(name, handle);
            return handle;
        } catch (IllegalCallerException | UnsupportedOperationException e) {
            throw new IOException("native calls are not allowed: java needs --enable-native-access=ALL-UNNAMED", e);
        }
    }

    /// A NULL-ended array of strings.
    static MemorySegment strings(SegmentAllocator arena, List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, string(arena, texts.get(i)));
        }
        array.setAtIndex(ValueLayout.ADDRESS, texts.size(), MemorySegment.NULL);
        return array;
    }

    /// A string as C has it.
    ///
    /// @throws IllegalArgumentException when NUL is in it, which would cut it off
    static MemorySegment string(SegmentAllocator arena, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL in an argument or a variable");
        }
        return arena.allocateFrom(text);
    }

    /// What an errno means, for the few that an administrator meets.
    static String reason(int errno) {
        return switch (errno) {
            case 1 -> "operation not permitted";
            case 2 -> "no such file or directory";
            case 7 -> "argument list too long";
            case 8 -> "not an executable";
            case 9 -> "no such descriptor";
            case 12 -> "out of memory";
            case 13 -> "access denied";
            case 20 -> "not a directory";
            case 22 -> "invalid argument";
            case 11 -> "nothing there now";
            case 23, 24 -> "too many open files";
            case 32 -> "nobody reads it any more";
            case 88 -> "not a socket";
            case 98 -> "address already used";
            case 99 -> "address not available";
            case 97 -> "address family not supported";
            case 111 -> "nobody listens";
            case 107 -> "not connected";
            default -> "error " + errno;
        };
    }
}
