// A voice note of at most a minute, in a kind that this browser makes and our server takes.
const LONGEST = 60_000;
const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

const kind = window.MediaRecorder && KINDS.find((one) => MediaRecorder.isTypeSupported(one));
export const can = Boolean(kind && navigator.mediaDevices);

let running = null;

const heard = (stream, button, words) =>
  new Promise((resolve) => {
    const recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 24_000 });
    const began = Date.now();
    const parts = [];
    const ends = setTimeout(() => recorder.stop(), LONGEST);
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    recorder.addEventListener("stop", () => {
      clearTimeout(ends);
      for (const track of stream.getTracks()) track.stop();
      running = null;
      button.textContent = words.record;
      const seconds = Math.max(1, Math.round((Date.now() - began) / 1000));
      resolve({ blob: new Blob(parts, { type: kind }), seconds });
    });
    running = recorder;
    button.textContent = words.stop;
    recorder.start();
  });

// The first press begins, the next ends; nothing where the microphone is not given.
export const record = async (button, words) => {
  if (running) {
    running.stop();
    return null;
  }
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
  if (!stream) {
    button.textContent = words.silent;
    return null;
  }
  return heard(stream, button, words);
};
