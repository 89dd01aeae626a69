using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Journal.Files;

/// <summary>What .NET has no call for: flushing a folder, starting the writing of a file without waiting for it, and asking
/// whether a byte of a file can be read without waiting.</summary>
internal static unsafe partial class UnixCalls
{
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const uint SyncFileRangeWrite = 2;
    private const int ReadWithoutWaiting = 8;
    private const int WouldWait = 11;

    /// <summary>Does nothing on Windows, where names need no flush of their own.</summary>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(path, OperatingSystem.IsLinux() ? ReadOnlyCloseOnExec : 0);
        if (descriptor < 0) throw Failed("open", path);
        try
        {
            if (FSync(descriptor) != 0) throw Failed("fsync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>A hint: the flush that follows reports what went wrong.</summary>
    public static void StartWriteback(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) return;
        _ = SyncFileRange(file, 0, 0, SyncFileRangeWrite);
    }

    /// <summary>
    /// Is that byte in the page cache? Yes also where the system cannot say: then nothing can be done about it.
    /// </summary>
    public static bool IsInMemory(SafeFileHandle file, long position)
    {
        if (!OperatingSystem.IsLinux()) return true;
        byte into;
        var vector = new Vector { Base = &into, Length = 1 };
        try
        {
            return PReadV2(file, &vector, 1, position, ReadWithoutWaiting) >= 0 || Marshal.GetLastPInvokeError() != WouldWait;
        }
        catch (EntryPointNotFoundException)
        {
            return true; // A C library without the call.
        }
    }

    private static IOException Failed(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long count, uint flags);

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    private static partial nint PReadV2(SafeFileHandle file, Vector* vectors, int count, long offset, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public void* Base;
        public nuint Length;
    }
}
