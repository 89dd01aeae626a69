using ActorBroker.Journal.Files;

namespace ActorBroker.Journal.Tests.Files;

/// <summary>The disk in memory does what the operating system's does.</summary>
public sealed class FileSystemTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("files-").FullName;

    public static TheoryData<string> Kinds => ["physical", "memory", "faulty"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Files_are_written_read_cut_and_extended_at_positions(string kind)
    {
        var files = Make(kind);
        using var file = files.Open(In("a"), LogFileMode.OpenOrCreate);
        file.Write("hello"u8, 0);
        file.Write([" wide"u8.ToArray(), " world"u8.ToArray()], 5);
        Assert.Equal("hello wide world", Text(file));
        file.SetLength(4);
        Assert.Equal("hell", Text(file));
        file.SetLength(6);
        Assert.Equal("hell\0\0", Text(file));
        file.Write("x"u8, 40_000);
        Assert.Equal(40_001, file.LengthBytes);
        Assert.Equal(0, file.Read(new byte[10], 50_000));
        Assert.Equal(1, file.Read(new byte[10], 40_000));
        file.StartFlush();
        file.Flush();
        files.FlushDirectory(_folder);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_open_file_outlives_its_name(string kind)
    {
        var files = Make(kind);
        using var file = files.Open(In("a"), LogFileMode.CreateEmpty);
        file.Write("still here"u8, 0);
        files.Rename(In("a"), In("b"));
        Assert.False(files.FileExists(In("a")));
        files.DeleteFile(In("b"));
        Assert.False(files.FileExists(In("b")));
        files.DeleteFile(In("b"));
        Assert.Equal("still here", Text(file));
        Assert.Throws<FileNotFoundException>(() => files.Open(In("b"), LogFileMode.OpenExisting));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Folders_are_made_listed_renamed_and_removed(string kind)
    {
        var files = Make(kind);
        files.CreateDirectory(In("x/y"));
        files.Open(In("x/y/f"), LogFileMode.OpenOrCreate).Dispose();
        Assert.Throws<DirectoryNotFoundException>(() => files.Open(In("none/f"), LogFileMode.OpenOrCreate));
        Assert.Equal(["y"], files.List(In("x")).Select(entry => entry.Name));
        Assert.True(files.List(In("x"))[0].IsDirectory);
        files.RenameDirectory(In("x"), In("z"));
        Assert.True(files.FileExists(In("z/y/f")));
        Assert.False(files.DirectoryExists(In("x")));
        files.DeleteDirectory(In("z"));
        Assert.False(files.FileExists(In("z/y/f")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_lock_is_held_by_one(string kind)
    {
        var files = Make(kind);
        var held = files.TryLock(In(".lock"));
        Assert.NotNull(held);
        Assert.Null(files.TryLock(In(".lock")));
        held.Dispose();
        using var again = files.TryLock(In(".lock"));
        Assert.NotNull(again);
    }

    [Fact]
    public void A_power_cut_takes_unflushed_bytes_and_unflushed_names()
    {
        var files = (FaultyFileSystem)Make("faulty");
        files.FlushDirectory(Path.GetDirectoryName(_folder)!);
        files.WriteAll(In("kept"), "flushed"u8);
        using (var file = files.Open(In("kept"), LogFileMode.OpenExisting)) file.Write(" lost"u8, 7);
        using (var file = files.Open(In("nameless"), LogFileMode.CreateEmpty))
        {
            file.Write("flushed too"u8, 0);
            file.Flush();
        }
        files.CutPower();
        Assert.Equal("flushed"u8.ToArray(), files.ReadAll(In("kept")));
        Assert.False(files.FileExists(In("nameless")));
    }

    [Fact]
    public void What_happened_in_a_folder_before_it_was_renamed_does_not_bring_its_old_name_back()
    {
        var files = (FaultyFileSystem)Make("faulty");
        files.CreateDirectory(In("old"));
        files.Open(In("old/file"), LogFileMode.CreateEmpty).Dispose();
        files.FlushDirectory(_folder);
        files.RenameDirectory(In("old"), In("new"));
        files.FlushDirectory(_folder);
        files.FlushDirectory(In("new"));
        files.CutPower();
        Assert.False(files.DirectoryExists(In("old")));
        Assert.True(files.FileExists(In("new/file")));
    }

    [Fact]
    public void What_a_failed_flush_should_have_written_is_lost_though_a_later_one_succeeds()
    {
        var files = (FaultyFileSystem)Make("faulty");
        files.WriteAll(In("file"), "kept"u8);
        using var file = files.Open(In("file"), LogFileMode.OpenExisting);
        file.Write(" lost"u8, 4);
        files.FailFlush = static _ => true;
        Assert.Throws<IOException>(file.Flush);
        files.FailFlush = null;
        Assert.Equal("kept lost", Text(file));
        file.Flush();
        files.FlushDirectory(Path.GetDirectoryName(_folder)!);
        files.CutPower();
        Assert.Equal("kept"u8.ToArray(), files.ReadAll(In("file")));
    }

    [Fact]
    public void A_replaced_disk_is_empty_and_the_others_are_not()
    {
        var files = (FaultyFileSystem)Make("faulty");
        files.FlushDirectory(Path.GetDirectoryName(_folder)!);
        foreach (var disk in (string[])["one", "another"])
        {
            files.CreateDirectory(In(disk));
            files.FlushDirectory(_folder);
            files.WriteAll(In(disk + "/flushed"), "x"u8);
            files.Open(In(disk + "/not"), LogFileMode.CreateEmpty).Dispose();
        }
        files.Replace(In("one"));
        Assert.False(files.DirectoryExists(In("one")));
        files.CutPower(new Random(1));
        Assert.False(files.DirectoryExists(In("one")));
        Assert.True(files.FileExists(In("another/flushed")));
    }

    private ILogFileSystem Make(string kind)
    {
        ILogFileSystem files = kind switch
        {
            "physical" => PhysicalFileSystem.Instance,
            "memory" => new InMemoryFileSystem(TimeProvider.System),
            _ => new FaultyFileSystem(TimeProvider.System),
        };
        files.CreateDirectory(_folder);
        return files;
    }

    private string In(string name) => Path.Combine(_folder, name);

    private static string Text(ILogFile file)
    {
        var bytes = new byte[file.LengthBytes];
        Assert.Equal(bytes.Length, file.Read(bytes, 0));
        return System.Text.Encoding.ASCII.GetString(bytes);
    }
}
