package journal

import (
	"syscall"
	"unsafe"
)

// freeSpace returns how many bytes this user can still write to the disk that dir lies on.
func freeSpace(dir string) (int64, error) {
	name, err := syscall.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	ask := syscall.NewLazyDLL("kernel32.dll").NewProc("GetDiskFreeSpaceExW")
	if err := ask.Find(); err != nil {
		return 0, err
	}
	var free uint64
	if ok, _, err := ask.Call(uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&free)), 0, 0); ok == 0 {
		return 0, err
	}
	return int64(min(free, 1<<62)), nil
}
