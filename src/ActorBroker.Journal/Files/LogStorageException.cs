namespace ActorBroker.Journal.Files;

/// <summary>Why the disk refused.</summary>
public enum LogStorageFailure
{
    /// <summary>No space or quota left. The log stays readable, and writable once there is space.</summary>
    DiskFull,

    /// <summary>Reading or writing failed. The log stays readable where the disk lets it; appends may be tried again.</summary>
    InputOutput,

    /// <summary>The disk reads and writes, but what it gives is not what was written.</summary>
    Damaged,

    /// <summary>A flush failed, or a failed write could not be undone: the log takes nothing until it is opened again.</summary>
    Offline,

    /// <summary>The data directory belongs to another broker or cluster, or is in use, or its files say what cannot be.</summary>
    Directory,
}

/// <summary>The journal's only exception for a disk that does not do what it must. The message says what to do.</summary>
public sealed class LogStorageException : IOException
{
    // errno of Linux; .NET hands it on as HResult.
    private const int NoSpace = 28;
    private const int FileTooLarge = 27;
    private const int QuotaExceeded = 122;
    private const int OutOfMemory = 12;
    private const int TooManyOpenFilesOfAll = 23;
    private const int TooManyOpenFiles = 24;
    private const int FileExists = 17;
    private const int NotDirectory = 20;
    private const int IsDirectory = 21;
    private const int NameTooLong = 36;

    public LogStorageException(LogStorageFailure failure, string path, string message, Exception? cause = null)
        : base(message, cause)
    {
        Failure = failure;
        Path = path;
    }

    public LogStorageFailure Failure { get; }

    /// <summary>The file or folder.</summary>
    public string Path { get; }

    /// <summary>Names an operating system's error by its kind.</summary>
    internal static LogStorageException From(Exception cause, string path, string doing) => cause switch
    {
        LogStorageException known => known,
        _ when IsFull(cause) => new(
            LogStorageFailure.DiskFull, path,
            $"{doing} {path}: no space left ({cause.Message}). Free space or lower retention.", cause),
        _ => new(LogStorageFailure.InputOutput, path, $"{doing} {path}: {cause.Message}", cause),
    };

    /// <summary>Does the failure say that the disk as a whole can't be used: it refused to read, write or flush, or it can only
    /// be read? No: it is full, its files are not what they should be, or the process has no room left.</summary>
    public static bool IsOfDisk(Exception failure)
    {
        if (failure is LogStorageException { Failure: LogStorageFailure.DiskFull or LogStorageFailure.Directory }) return false;
        var cause = failure is LogStorageException { InnerException: { } inner } ? inner : failure;
        return cause switch
        {
            LogStorageException => failure is LogStorageException { Failure: LogStorageFailure.InputOutput },
            _ when IsFull(cause) => false,
            IOException { HResult: OutOfMemory or TooManyOpenFilesOfAll or TooManyOpenFiles } => false,
            IOException { HResult: FileExists or NotDirectory or IsDirectory or NameTooLong } => false,
            PathTooLongException => false,
            _ => IsStorageError(cause),
        };
    }

    /// <summary>Was there no room for what was to be written?</summary>
    public static bool IsFull(Exception failure) => failure switch
    {
        LogStorageException { Failure: LogStorageFailure.DiskFull } => true,
        LogStorageException { InnerException: { } cause } => IsFull(cause), // Found out by a flush.
        _ => failure is IOException { HResult: NoSpace or FileTooLarge or QuotaExceeded },
    };

    internal static IOException NoSpaceLeft(string path) => new($"No space left on device : '{path}'", NoSpace);

    /// <summary>Errors of the world, in contrast to ours.</summary>
    internal static bool IsStorageError(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
