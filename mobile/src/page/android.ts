// The bridge to the Android app, whose web view can neither share nor save by itself.

interface AndroidBridge {
  save(name: string, type: string, base64: string): void;
  sharedFilms(): number;
}

declare global {
  interface Window {
    FractureLensAndroid?: AndroidBridge;
  }
}

/** The bridge; undefined in a browser. */
export function androidBridge(): AndroidBridge | undefined {
  return window.FractureLensAndroid;
}

/** Films that another app shared with the Android app. */
export async function androidFilms(bridge: AndroidBridge): Promise<File[]> {
  const numbers = Array.from({ length: bridge.sharedFilms() }, (_, number) => number);
  return Promise.all(
    numbers.map(async (number) => {
      const response = await fetch(`shared/${number}`);
      return new File([await response.blob()], `Shared film ${number + 1}`);
    }),
  );
}
