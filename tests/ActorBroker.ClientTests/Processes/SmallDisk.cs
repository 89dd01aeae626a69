using System.Diagnostics;

namespace ActorBroker.ClientTests.Processes;

/// <summary>A tmpfs of its own; only root may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const string Filler = "filler";
    private const int ChunkBytes = 64 << 10;

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <returns>Null: it cannot be mounted here.</returns>
    public static SmallDisk? TryMount(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        using var mount = Process.Start("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path]);
        mount.WaitForExit();
        return mount.ExitCode == 0 ? new(path) : null;
    }

    /// <summary>Leaves no room for anybody.</summary>
    public void Fill()
    {
        using var file = new FileStream(System.IO.Path.Combine(Path, Filler), FileMode.Append, FileAccess.Write, FileShare.Read, 0);
        for (var size = ChunkBytes; size > 0;)
        {
            try
            {
                file.Write(new byte[size]);
            }
            catch (IOException)
            {
                size /= 2; // To the last byte.
            }
        }
    }

    /// <summary>There is room again.</summary>
    public void Empty() => File.Delete(System.IO.Path.Combine(Path, Filler));

    public void Dispose()
    {
        using var unmount = Process.Start("umount", ["-l", Path]);
        unmount.WaitForExit();
    }
}
