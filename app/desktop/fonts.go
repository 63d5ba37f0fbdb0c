package main

import (
	"os"
	"path/filepath"
	"runtime"

	"fyne.io/fyne/v2"
)

// fontFiles are where the systems keep a font with Chinese, Japanese and Korean: the fonts that Fyne brings
// have none, and customers' names do not ask.
func fontFiles() []string {
	switch runtime.GOOS {
	case "windows":
		fonts := filepath.Join(os.Getenv("WINDIR"), "Fonts")
		return []string{filepath.Join(fonts, "YuGothR.ttc"), filepath.Join(fonts, "msgothic.ttc"), filepath.Join(fonts, "msyh.ttc"), filepath.Join(fonts, "malgun.ttf")}
	case "darwin":
		return []string{"/System/Library/Fonts/Supplemental/Arial Unicode.ttf", "/System/Library/Fonts/PingFang.ttc"}
	}
	return []string{
		"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",           // Debian: fonts-droid-fallback
		"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",              // Debian: fonts-noto-cjk
		"/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",                   // Arch
		"/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc", // Fedora
		"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
	}
}

// fallbackFont is the first of them that is there, or none. It is read when the first letter needs it.
func fallbackFont() []fyne.Resource {
	for _, path := range fontFiles() {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return []fyne.Resource{fontFile(path)}
		}
	}
	return nil
}

// fontFile is a resource that is read only when somebody asks for its content.
type fontFile string

// Name is part of Fyne's Resource.
func (f fontFile) Name() string { return filepath.Base(string(f)) }

// Content is part of Fyne's Resource. A font that cannot be read has none, and its letters stay boxes.
func (f fontFile) Content() []byte {
	content, err := os.ReadFile(string(f))
	if err != nil {
		return nil
	}
	return content
}
