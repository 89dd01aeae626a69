using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Journal.Files;

/// <summary>What .NET has no call for: flushing a folder, and starting the writing of a file without waiting for it.</summary>
internal static partial class UnixCalls
{
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const uint SyncFileRangeWrite = 2;

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
}
